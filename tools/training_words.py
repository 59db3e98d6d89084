"""The words from which the training documents of the embedded model are made.

Problem: a few million parameters learn "a name stands in a name field" only if they see many different, ordinary
names, places, goods and sentences; lists taken from elsewhere would bring their licences along. So the lists are
written here, by hand, and `training_text` combines them.

Example: `GOODS["kitchen"]` holds "teapot"; with a colour and a material it becomes "Blue ceramic teapot".

Invariant: every entry is ordinary text that fits the bounds of the fields it goes to (`schemas/*.json`).
"""

# ruff: noqa: E501  (tables of text read best a row a line)

from __future__ import annotations

__all__ = [
    "ADJECTIVES",
    "BOOK_NOUNS",
    "BUGS",
    "CITIES",
    "COLOURS",
    "COMMENTS",
    "COMPANIES",
    "DISHES",
    "DOMAINS",
    "FIRST",
    "GOODS",
    "HOBBIES",
    "LAST",
    "MATERIALS",
    "MEETINGS",
    "PLACES",
    "REPLIES",
    "ROUTES",
    "SERVICES",
    "STREETS",
    "SUMMARIES",
    "TICKETS",
    "TOPICS",
]

FIRST = """Ada Adam Aisha Alan Alice Amir Ana Anders Anna Ben Boris Carla Carlos Chen Chloe Clara Daniel David Diana Elena
Eli Emma Erik Eva Fatima Felix Finn Fiona Frank George Grace Greta Hana Hannah Hugo Ida Igor Ines Ivan Jack Jana Jin Jonas
Julia Karim Ken Laila Lars Laura Leo Lena Liam Linda Lucas Lucy Maria Mark Marta Max Mia Mina Nadia Nina Noah Nora Olga
Oliver Omar Oscar Paul Peter Petra Priya Rafael Ravi Rosa Ruth Sam Sara Sofia Stefan Tara Theo Tom Uma Vera Victor Wei Yuki
Yusuf Zoe""".split()

LAST = """Adams Ahmed Alvarez Andersen Bauer Becker Bell Berg Brown Carter Chen Clark Costa Davis Diaz Dubois Evans Fischer
Flores Foster Garcia Gomez Gray Green Haas Hall Hansen Harris Hill Hoffman Ito Ivanova Jansen Jensen Johnson Jones Kaur Keller
Khan Kim King Klein Kovacs Kowalski Kumar Lang Larsen Lee Lewis Lopez Martin Meyer Miller Moore Morris Mueller Nagy Nakamura
Nguyen Nilsson Novak Olsen Okafor Park Patel Perez Petrov Reed Reyes Rossi Roy Santos Sato Schmidt Shah Silva Singh Smith
Suzuki Tanaka Taylor Torres Turner Vogel Wagner Walker Wang Weber White Wilson Wong Wood Wright Young Zhang""".split()

# city | country | telephone prefix | latitude | longitude | shape of a postal code (9 = digit, A = letter)
CITIES = [
    tuple(line.split("|"))
    for line in """Amsterdam|NL|+31|52.37|4.90|9999 AA
Athens|GR|+30|37.98|23.73|999 99
Barcelona|ES|+34|41.39|2.17|08099
Bergen|NO|+47|60.39|5.32|5099
Berlin|DE|+49|52.52|13.40|10999
Boston|US|+12|42.36|-71.06|02199
Bristol|GB|+44|51.45|-2.59|BS9 9AA
Brussels|BE|+32|50.85|4.35|1099
Budapest|HU|+36|47.50|19.04|1099
Chicago|US|+13|41.88|-87.63|60699
Copenhagen|DK|+45|55.68|12.57|2199
Dublin|IE|+353|53.35|-6.26|D99 A9A9
Geneva|CH|+41|46.20|6.14|1299
Hamburg|DE|+49|53.55|9.99|20999
Helsinki|FI|+358|60.17|24.94|00999
Kyoto|JP|+81|35.01|135.77|699-9999
Leeds|GB|+44|53.80|-1.55|LS9 9AA
Lisbon|PT|+351|38.72|-9.14|1099-999
London|GB|+44|51.51|-0.13|SW9 9AA
Lyon|FR|+33|45.76|4.84|69009
Madrid|ES|+34|40.42|-3.70|28099
Milan|IT|+39|45.46|9.19|20199
Montreal|CA|+15|45.50|-73.57|H9A 9A9
Mumbai|IN|+91|19.08|72.88|400099
Munich|DE|+49|48.14|11.58|80999
Nairobi|KE|+254|-1.29|36.82|00999
Oslo|NO|+47|59.91|10.75|0999
Paris|FR|+33|48.86|2.35|75099
Porto|PT|+351|41.15|-8.61|4099-999
Prague|CZ|+42|50.08|14.44|199 99
Rome|IT|+39|41.90|12.50|00199
Seattle|US|+12|47.61|-122.33|98199
Seoul|KR|+82|37.57|126.98|04999
Stockholm|SE|+46|59.33|18.07|119 99
Sydney|AU|+61|-33.87|151.21|2099
Tokyo|JP|+81|35.68|139.69|199-9999
Toronto|CA|+14|43.65|-79.38|M9A 9A9
Vienna|AT|+43|48.21|16.37|1099
Warsaw|PL|+48|52.23|21.01|00-999
Zurich|CH|+41|47.38|8.54|8099""".splitlines()
]

STREETS = """Mill Lane|Station Road|High Street|Oak Avenue|Church Road|Park Street|Garden Way|Bridge Street|Harbour Road|King Street
Market Square|River Road|School Lane|Hill Street|Lake Drive|Maple Avenue|Castle Street|North Road|Queen Street|Forest Way""".replace(
    "\n", "|"
).split("|")

DOMAINS = "example.com example.org example.net mail.example post.example office.example".split()

COMPANIES = """Northwind Traders|Blue River Foods|Alpine Tools|Harbour Logistics|Green Field Farms|Bright Light Studio|City Books
Stone and Sons|Red Door Design|Silver Lake Hotels|Open Sky Travel|Old Mill Bakery|Summit Software|Clear Water Systems
Garden House|Fast Track Couriers|White Oak Furniture|Morning Star Media|Iron Bridge Works|Happy Paws Clinic""".replace(
    "\n", "|"
).split("|")

COLOURS = "red blue green black white grey yellow orange brown silver".split()
MATERIALS = "wooden ceramic steel cotton leather glass plastic wool bamboo rubber".split()
ADJECTIVES = "small large light heavy folding classic modern simple strong soft portable compact".split()

GOODS = {
    "kitchen": "teapot|frying pan|bread knife|mixing bowl|coffee maker|cutting board|water jug|soup pot",
    "garden": "watering can|plant pot|garden chair|hand shovel|hose|rake|bird feeder|lantern",
    "office": "desk lamp|notebook|stapler|office chair|paper tray|pencil case|monitor stand|whiteboard",
    "sports": "tennis racket|yoga mat|football|bicycle helmet|jump rope|swimming goggles|running shoes|backpack",
    "toys": "puzzle|toy train|building blocks|teddy bear|kite|board game|doll house|race car",
    "clothing": "jacket|scarf|shirt|rain coat|hat|sweater|socks|gloves",
}

SERVICES = """web design|translation|office cleaning|delivery|repair work|photography|consulting|printing|garden care|training day
installation|hosting for one year|catering|bookkeeping|car rental|language course""".replace("\n", "|").split("|")

MEETINGS = """Budget review|Team lunch|Project kickoff|Design workshop|Weekly meeting|Birthday party|Book club|Job interview
Customer call|Release planning|Yoga class|Dentist appointment|Board meeting|Product demo|Training session|Garden party
Parent evening|Music rehearsal|Sales review|Coffee with the new team|Security briefing|Quarterly planning""".replace(
    "\n", "|"
).split("|")

PLACES = """Room 1|Room 4|Room 12|Main office|Conference room B|Cafe Central|City library|Town hall|Meeting room 3|Park entrance
Second floor|Studio 5|Grand Hotel|Video call|School gym|Restaurant Roma""".replace("\n", "|").split("|")

TICKETS = """Cannot log in after update|Since the update I cannot log in. The page stays blank.
Invoice shows the wrong amount|The invoice for last month is too high. Please check the amount.
Password reset does not work|I asked for a new password but the mail never arrives.
Order has not arrived|My order was sent two weeks ago and has not arrived yet.
Printer is offline|The printer on the second floor is offline since this morning.
App closes by itself|The app closes every time I open the settings.
How do I change my address|I moved to a new flat. Where can I change my address?
Refund for a broken lamp|The lamp arrived broken and I would like a refund.
Cannot upload a photo|When I upload a photo I only see an error message.
Please cancel my account|I no longer use the service. Please cancel my account.
Video call has no sound|In every video call the others cannot hear me.
Wrong item delivered|I ordered a blue chair and received a green one.
Slow connection in the office|The network is very slow since Monday. Pages need a minute to load.
Question about my contract|When does my contract end, and can I extend it?
Export to a table fails|The export stops at half and the file is empty.
Two payments for one order|I was charged two times for the same order.""".splitlines()

# dish | difficulty | minutes | ingredients "name amount unit" | steps
DISHES = [
    tuple(line.split("|"))
    for line in """Tomato soup|easy|30|tomato 800 g;onion 1 piece;butter 1 tbsp;cream 100 ml|Chop the onion and fry it in butter.;Add the tomato and simmer for 20 minutes.;Blend the soup and stir in the cream.
Pancakes|easy|20|flour 200 g;milk 300 ml;egg 2 piece;sugar 1 tbsp|Mix the flour, milk and eggs.;Let the batter rest for 10 minutes.;Fry thin pancakes in a hot pan.
Apple pie|medium|75|apple 6 piece;flour 250 g;butter 120 g;sugar 80 g;cinnamon 1 tsp|Make a dough from flour and butter.;Slice the apples and mix them with sugar.;Bake for 45 minutes until golden.
Pasta with pesto|easy|20|pasta 400 g;basil 2 cup;olive oil 100 ml;cheese 60 g;garlic 2 piece|Boil the pasta in salted water.;Blend basil, garlic, cheese and oil.;Mix the pasta with the pesto and serve.
Vegetable curry|medium|40|rice 300 g;carrot 3 piece;potato 4 piece;coconut milk 400 ml;curry powder 2 tsp|Cook the rice.;Fry the vegetables with the curry powder.;Add coconut milk and simmer for 20 minutes.
Chicken salad|easy|25|chicken 300 g;lettuce 1 piece;tomato 3 piece;olive oil 2 tbsp;lemon 1 piece|Fry the chicken and let it cool.;Cut the vegetables.;Mix everything with oil and lemon juice.
Chocolate cake|medium|60|chocolate 200 g;butter 150 g;egg 4 piece;sugar 120 g;flour 100 g|Melt the chocolate with the butter.;Stir in eggs, sugar and flour.;Bake for 35 minutes.
Lentil stew|easy|50|lentils 250 g;carrot 2 piece;onion 1 piece;water 800 ml;salt 1 tsp|Chop the onion and the carrots.;Add lentils and water.;Simmer for 40 minutes and season with salt.
Mushroom risotto|hard|45|rice 300 g;mushroom 250 g;onion 1 piece;white wine 100 ml;cheese 50 g|Fry the onion and the mushrooms.;Add the rice and the wine.;Stir in hot water until the rice is soft.;Add the cheese.
Fish tacos|medium|35|fish 400 g;tortilla 8 piece;cabbage 1 cup;lime 2 piece;yoghurt 4 tbsp|Season the fish and fry it.;Cut the cabbage.;Fill the tortillas and add lime and yoghurt.
Greek salad|easy|15|tomato 4 piece;cucumber 1 piece;olives 1 cup;feta 150 g;olive oil 3 tbsp|Cut the vegetables into pieces.;Add olives and feta.;Pour the oil over the salad.
Banana bread|easy|65|banana 3 piece;flour 220 g;sugar 100 g;egg 2 piece;butter 80 g|Mash the bananas.;Mix all ingredients.;Bake for 50 minutes.
Beef stew|hard|150|beef 800 g;potato 5 piece;carrot 3 piece;onion 2 piece;red wine 200 ml|Fry the beef on all sides.;Add vegetables and wine.;Cook slowly for two hours.
Omelette|easy|10|egg 3 piece;milk 2 tbsp;butter 1 tbsp;cheese 30 g|Beat the eggs with the milk.;Melt the butter in a pan.;Cook the eggs and add the cheese.
Pumpkin soup|easy|40|pumpkin 1000 g;onion 1 piece;ginger 1 tsp;coconut milk 200 ml|Cut the pumpkin into cubes.;Cook it with onion and ginger.;Blend and stir in the coconut milk.
Pizza|medium|90|flour 500 g;yeast 1 tsp;water 300 ml;tomato 400 g;mozzarella 250 g|Make a dough and let it rise for an hour.;Spread the tomato on the dough.;Add mozzarella and bake at high heat.
Fried rice|easy|25|rice 300 g;egg 2 piece;peas 1 cup;soy sauce 3 tbsp;carrot 1 piece|Cook the rice and let it cool.;Fry the eggs and the vegetables.;Add rice and soy sauce.
Lemonade|easy|10|lemon 5 piece;sugar 100 g;water 1000 ml;mint 1 cup|Press the lemons.;Stir the juice with sugar and water.;Serve cold with mint.""".splitlines()
]

BOOK_NOUNS = """Harbour Garden River Winter Letter House Island Forest Clock Mountain Road Mirror Key Bridge Silence Library Storm
Orchard Map Window""".split()

SUMMARIES = """A sailor returns to the town where he was born.|Two sisters inherit an old house by the sea.
A teacher finds a letter that was never sent.|The story of a small village over one hundred years.
A detective looks for a missing painting.|An introduction to the stars and how we came to know them.
A journey on foot through the mountains.|The life of a doctor in a time of war.|Short poems about the seasons.
A young woman learns to repair clocks.|How trade and travel changed the old world.|A family keeps a secret for three generations.
What happened in the city after the flood.|A guide to the plants of the northern coast.""".replace("\n", "|").split("|")

# title | component | step | step | expected | actual
BUGS = [
    tuple(line.split("|"))
    for line in """Crash on an empty file|parser|Create an empty file.|Open it.|An empty document is shown.|The program stops with an error.
Upload never ends|network|Choose a large file.|Press upload.|The upload ends with a message.|The bar stays at 99 percent.
Settings are lost after restart|storage|Change the language.|Restart the program.|The language is still changed.|The old language is back.
Button is hidden on small screens|interface|Open the page on a phone.|Scroll to the end.|The save button is visible.|The button is outside the screen.
Build fails on a clean machine|build|Clone the repository.|Run make.|The build succeeds.|A missing header stops the build.
Dates are shown in the wrong order|interface|Open the calendar.|Select a week.|Days appear in order.|Sunday comes before Monday.
Long names are cut off|interface|Enter a name of 80 characters.|Save the form.|The full name is stored.|Only 20 characters remain.
Connection is not closed|network|Start the client.|Stop the server.|The client reports an error.|The client waits forever.
Comment breaks the parser|parser|Write a comment at the end.|Run the check.|The comment is ignored.|A syntax error is reported.
Duplicate rows after import|storage|Import a table.|Import it again.|Each row appears once.|All rows appear twice.
Tests fail without a network|build|Unplug the cable.|Run the tests.|All tests pass.|Three tests fail.
Wrong total in the report|storage|Add two orders.|Open the report.|The total is the sum of both.|Only the last order is counted.""".splitlines()
]

COMMENTS = """Does it work without a network?|Thank you, this was very helpful.|I have the same problem on my machine.
Which version do you use?|The new design looks great.|How long does the delivery take?|I tried it yesterday and it was fast.
Can you share the recipe?|The second chapter was my favourite.|Is there a discount for students?|What a beautiful picture!
I do not agree with the last point.|When is the next meeting?|The link in the text does not work.""".replace(
    "\n", "|"
).split("|")

REPLIES = """Yes, it does.|No, not yet.|You are welcome!|Good question, I will check.|Thanks, I fixed it.|It depends on the version.
I think so too.|Next week, I hope.|Please try again now.|That is a good idea.|See the first answer.|Me too.""".replace(
    "\n", "|"
).split("|")

HOBBIES = """old maps|long walks|jazz music|mountain hiking|street photography|sourdough bread|open source software|birds|chess
gardening|science fiction|cycling|classical piano|sailing|board games|cats|poetry|good coffee""".replace(
    "\n", "|"
).split("|")

ROUTES = """Along the river|Around the lake|Old town loop|Forest trail|Castle hill|Harbour tour|Sunday ride|Vineyard path|Morning run
Coast path|Three bridges|Up to the tower|Through the park|Mill valley""".replace("\n", "|").split("|")

TOPICS = """cheap flights to|best restaurants in|weather in|museums in|hotels in|train times to|concerts in|history of|jobs in
parks in|how to get to|bicycle rental in""".replace("\n", "|").split("|")
