"""`constrain bench` hands its arguments to the benchmark of the checkout, or says that there is none."""

from constrain.cli import bench


def test_help_of_the_benchmark(process):
    done = process("bench", "--", "--help")

    assert done.status == 0, done.err
    assert "maskbench" in done.out


def test_without_a_checkout(command, monkeypatch, tmp_path):
    monkeypatch.setattr(bench, "CHECKOUT", tmp_path)

    done = command("bench")

    assert done.status == 2
    assert "run it from a checkout" in done.err
