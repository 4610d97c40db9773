"""Words for the titles of the sample: no such books exist."""

ADJECTIVES = (
    "lange", "stille", "sorte", "grønne", "glemte", "sidste", "første", "hemmelige", "gamle", "lille", "store",
    "hvide", "tabte", "kolde", "varme", "fremmede", "blinde", "nye", "mørke", "lyse", "tavse", "dybe", "bløde",
    "hårde", "røde", "blå", "usynlige", "sene", "tidlige", "åbne",
)  # fmt: skip
NOUNS = (
    "sommer", "vinter", "have", "fjord", "skov", "dag", "aften", "rejse", "by", "færge", "gård", "mølle", "skole",
    "ø", "båd", "bro", "gade", "port", "stue", "sang", "drøm", "ulv", "hest", "fugl", "storm", "måne", "sten",
    "rose", "kirke", "vej", "nøgle", "dør", "sko", "kuffert", "bog", "kniv", "klokke", "lampe", "ring", "trappe",
)  # fmt: skip
PLACES = (
    "Struer", "Thyholm", "Limfjorden", "Venø", "Jegindø", "Humlum", "Hjerm", "Oddesund", "Lemvig", "Holstebro",
    "Vestkysten", "Skive", "Mors", "Thy", "København", "Aarhus", "Bornholm", "Skagen", "Læsø", "Ærø",
)  # fmt: skip
SUBJECTS = (
    "Havens planter", "Brød og kager", "Strik til børn", "Fugle i Danmark", "Cykelture", "Lokalhistorie",
    "Begynderdansk", "Regnskab for foreninger", "Svampe", "Sejlads", "Vinterbadning", "Hunde", "Træarbejde",
    "Astronomi", "Vikingetiden", "Kemi for sjov", "Yoga", "Bier og biavl", "Slægtsforskning", "Skak",
)  # fmt: skip
NOTES = (
    "Har glemt en handske. Den ligger under skranken.",
    "Vil gerne ringes op, ikke skrives til.",
    "Bruger briller. Læs datoen højt.",
    "Henter også for naboen.",
)
