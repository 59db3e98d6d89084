"""date, time, date-time and duration: RFC 3339, sections 5.6 and 5.7 and appendix A.

Worked example: "2020-02-29T08:30:06.25+01:00" is a date-time; "2021-02-29" is no date, 2021 having no leap day.

Leap years are exact (1900 none, 2000 one). The second 60 exists at 23:59:60 UTC only, so a local time with an offset is
accepted where it means that, and in a date-time only at the end of June or December UTC.

Narrower than the RFC: a second 60 with an offset whose minutes are not 00, 15, 30 or 45; a lower-case duration.
"""

from __future__ import annotations

from constrain.frontends.jsonschema.formats.notation import DIGIT, number_below, one_of, optional, some
from constrain.regular.term import Term, alt, concat, repeat, text, words

__all__ = ["date", "date_time", "duration", "time"]


def date() -> Term:
    """Return full-date."""
    year = repeat(DIGIT, 4, 4)
    month_days = alt(
        concat(words(["01", "03", "05", "07", "08", "10", "12"], "text"), text("-"), _day(31)),
        concat(words(["04", "06", "09", "11"], "text"), text("-"), _day(30)),
        concat(text("02-"), _day(28)),
    )
    pair = repeat(DIGIT, 2, 2)
    fourth = alt(
        concat(one_of("2468"), one_of("048")), concat(one_of("13579"), one_of("26")), concat(text("0"), one_of("48"))
    )
    leap_year = alt(concat(pair, fourth), concat(alt(fourth, text("00")), text("00")))
    return alt(concat(year, text("-"), month_days), concat(leap_year, text("-02-29")))


def time() -> Term:
    """Return full-time."""
    return alt(_ordinary_time(), _leap_second(same_day=True), _leap_second(same_day=False))


def date_time() -> Term:
    """Return date-time."""
    separator = one_of("Tt")
    year = repeat(DIGIT, 4, 4)
    # East of Greenwich the leap second falls on the day after.
    same_day = concat(year, words(["-06-30", "-12-31"], "text"), separator, _leap_second(same_day=True))
    next_day = concat(year, words(["-07-01", "-01-01"], "text"), separator, _leap_second(same_day=False))
    return alt(concat(date(), separator, _ordinary_time()), same_day, next_day)


def duration() -> Term:
    """Return duration: years, months, days and hours, minutes, seconds without gaps, or weeks."""
    second = concat(some(DIGIT), text("S"))
    minute = concat(some(DIGIT), text("M"), optional(second))
    hour = concat(some(DIGIT), text("H"), optional(minute))
    clock = concat(text("T"), alt(hour, minute, second))
    day = concat(some(DIGIT), text("D"))
    month = concat(some(DIGIT), text("M"), optional(day))
    year = concat(some(DIGIT), text("Y"), optional(month))
    week = concat(some(DIGIT), text("W"))
    return concat(text("P"), alt(concat(alt(day, month, year), optional(clock)), clock, week))


def _day(last: int) -> Term:
    """Return 01 to `last`."""
    tens = last // 10
    return alt(
        concat(text("0"), one_of("1-9")),
        concat(one_of(f"1-{tens - 1}"), DIGIT),
        concat(text(str(tens)), number_below(last % 10 + 1, 1)),
    )


def _fraction() -> Term:
    return optional(concat(text("."), some(DIGIT)))


def _ordinary_time() -> Term:
    hour, sixty, colon = number_below(24, 2), number_below(60, 2), text(":")
    offset = alt(one_of("Zz"), concat(one_of("+-"), hour, colon, sixty))
    return concat(hour, colon, sixty, colon, sixty, _fraction(), offset)


def _leap_second(*, same_day: bool) -> Term:
    """Return 23:59:60 UTC in every quarter of an hour of offset, those before or after midnight."""
    fraction = _fraction()
    seconds = {minute: concat(text(f"{minute:02}:60"), fraction) for minute in (14, 29, 44, 59)}
    # The local time is earlier, a negative offset, or one day ahead.
    signed = [text(f"{'-' if same_day else '+'}{hour:02}:") for hour in range(24)]
    minutes = {minute: text(f"{minute:02}") for minute in (0, 15, 30, 45)}
    hours: list[Term] = []
    for hour in range(24):
        options: list[Term] = []
        for minute, second in seconds.items():
            offset = 24 * 60 - 1 - (60 * hour + minute) if same_day else 60 * hour + minute + 1
            if offset < 24 * 60:
                options.append(concat(second, signed[offset // 60], minutes[offset % 60]))
        if same_day and hour == 23:
            options.append(concat(seconds[59], words(["+00:00", "Z", "z"], "text")))
        hours.append(concat(text(f"{hour:02}:"), alt(*options)))
    return alt(*hours)
