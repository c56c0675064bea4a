"""Which group a drug name belongs to, for names as officers and data write them.

The table holds every name of the UNODC individual drug seizures 2011-2014 that names a
substance or a class of substances, and common Russian names. Generic and trade names
were placed by their active substance. A lookup never replaces the name as written.
"""

from __future__ import annotations

from schemas.reports.drugs import DrugGroup

_NAMES: dict[DrugGroup, str] = {
    DrugGroup.OPIUM: "Opium|Acetylated Opium|Extract from Opium poppy|Экстракт маковой соломы|Ханка",
    DrugGroup.OPIUM_POPPY: "Poppy straw|Opium Poppy|Poppy Seeds|Pavots|Маковая солома|Мак|Семена мака",
    DrugGroup.HEROIN: "Heroin|Heroin Base",
    DrugGroup.OPIATES_OTHER: (
        "Opiates|Morphine|Codeine|Codidol|Desomorphine|6-Monoacetylmorphine|6-Monoacetylcodeine|6-Desoxycodeine|"
        "Substitol (slow release Morphine)|Oxycodone|Hydrocodone|Hydromorphone|Дезоморфин|Морфин|Кодеин"
    ),
    DrugGroup.OPIOIDS_SYNTHETIC: (
        "Methadone|Buprenorphine|Somnubene|3-Methylfentanyl|Carfentanil|Fentanyl|Alpha-Methylfentanyl|Tramadol|Promedol|"
        "Other opioids|Dextropoxyphene|Dextropropoxyphene|Spasmo proxyvon|MPPP|Tilidate|Butorphanol|Levomethorphan|"
        "Diphenoxylate|Tapentadol|Метадон|Фентанил|Карфентанил|Трамадол|Тримеперидин|Бупренорфин"
    ),
    DrugGroup.CANNABIS_HERB: "Cannabis|Marijuana|Marihuana|Cannabis herb (marijuana)|Каннабис|Конопля",
    DrugGroup.CANNABIS_RESIN: "Hashish|Hash|Cannabis resin (hashish)|Смола каннабиса|Анаша",
    DrugGroup.CANNABIS_OTHER: "THC|Hashish oil|Cannabis oil|Гашишное масло|ТГК",
    DrugGroup.COCAINE: "Cocaine|Cocaine HCL|Liquid cocaine",
    DrugGroup.COCAINE_BASE: "Coca paste|Cocaine Base",
    DrugGroup.CRACK: "Crack|Крэк-кокаин",
    DrugGroup.COCA_PLANT: "Coca leaf|Coca Seeds|Coca Plant",
    DrugGroup.AMPHETAMINE: "Amphetamine|Captagon|Каптагон",
    DrugGroup.METHAMPHETAMINE: "Methamphetamine|Yava|Yaba|Первитин",
    DrugGroup.ECSTASY: "Ecstasy|MDMA|MDA|MBDB|MMDA|Экстази|МДМА",
    DrugGroup.ATS_OTHER: (
        "ATS|Non-specified stimulants|Methylphenidate|Ethylphenidate|Phentermine|Phendimetrazine|Pipradrol|"
        "Amfepramone Hydrochloride|Fenfluramine|Benzphetamine|Dimethylamphetamine|4-Fluoroamphetamine|"
        "4-Fluoromethamphetamine|2-Fluoromethamphetamine|3 fluoromethamphetamine|para-Methoxyamphetamine|"
        "para-Methoxy-N-methylamphetamine|Modafinil"
    ),
    DrugGroup.CANNABINOIDS_SYNTHETIC: (
        "Synthetic Cannabinoid|JWH-018|JWH-122|JWH-167|JWH-073|JWH-203|JWH-081|JWH-200|AM-2201|UR-144|XLR-11|RCS-4|"
        "HU-210|5F-AKB48|AB-FUBINACA|AB-CHMINACA|AB-PINACA|5F-AB-PINACA|ADB-CHMINACA|5F-APINACA|5F-AMB|5F-PB-22|"
        "FUB-PB-22|FUB-144|FUBIMINA|THJ-2201|THJ-018|PB-22|BB-22|ADBICA|SDB-006|"
        "N-(1-carbamoil-2-methylpropil)-1-pentil-1n-indazole-3-carboxamyde and its derivates|"
        "Quinoline-8-yl-1-pentil-1N-indole-3-carboxylate|Quinoline-8-yl-1-pentil-1N-indazole-3-carboxylate|"
        "3-butenoyl-1-methylindole [1- (1-methyl-1H-indol-3-yl) butan-1-one] and derivatives|"
        "naphthalen-1-yl-1-benzyl-1H-indole-3-carboxylate and its deriviatives|"
        "3- (Naphthalene-1-ilocos methyl) -1-pentyl-1H-indazole and its derivatives|"
        "N-(1-carbamoil-2-methylpropyl)-1-(phenylmethyl)-1n-indazole-3-carboxamide and its derivaties|"
        "N-(1-carbamoil-2-methylpropyl)-1-(pentil)-1n-indole-3-carboxamide|"
        "N-(adamantan-1-yl)-1-pentil-1N-indazole-3-carboxamyde and its derivates|"
        "Naphtalene-1-yl-pentil-1H-indole-3-carboxylate|Спайс|Спайсы"
    ),
    DrugGroup.CATHINONES_SYNTHETIC: (
        "N-Methylephedrone|MDPV|Ephedrone|Methcathinone|Methylone|Cathinone|Mephedrone|4-MEC|Alpha-pvp|Pentedrone|"
        "Buphedrone|4-fluoromethcathinone|4-Bromomethcathinone|Pyrovalerone|Butylone|Butilona|Dimetilona|Ethylone|"
        "4-MePPP|Мефедрон|Метилон|Альфа-ПВП|Эфедрон|Меткатинон|МДПВ|N-метилэфедрон"
    ),
    DrugGroup.NPS_OTHER: (
        "Benzofuran|5-APB|Phenethylamines|Benzylpiperazine|mCPP|TFMPP|Piperazines|Phenylpiperazine|2-Aminoindane|MDAI|"
        "Methiopropamine|Dimethocaine|Methylhexanamine"
    ),
    DrugGroup.NPS_PLANT: (
        "Khat|Kratom|Mitragynine|Salvinorin|Lactuca virosa|Leonotis leonurus|Turnera diffusa|Plant-based substances|"
        "Кат|Кратом"
    ),
    DrugGroup.HALLUCINOGENS: (
        "LSD|Psilocybin (mushrooms)|Dimethyltryptamine (DMT)|Ayahuasca|Mescaline|2C-H|2C-B|2C-E|25I-NBOMe|DOB|DOC|"
        'STP ("DOM")|Hallucinogens|Tryptamines|Alpha-Methyltryptamine|5-MeO-DALT|5-MeO-DMT|5-MeO-MIPT|4-HO-DiPT|'
        "O-Acetylpsilocin|ЛСД|Псилоцибин|ДМТ"
    ),
    DrugGroup.SEDATIVES: (
        "Benzodiazepine|Clonazepam|Diazepam|Alprazolam (Xanax)|Flunitrazepam|Roche|Barbiturates|Phenobarbital|"
        "Amobarbital|Methaqualone|GHB|GBL|GHB/GBL|Orzepam|Lysanxia|TRANKXENEK|Clorazepate|Lorazepam|Nozepane|Oxazepam|Nitrazepam|"
        "Bromazepam|Brotizolam|Zolpidem|Zopiclone|Prazepam|Praxiten|Medazepam|Phenazepam|Ethyl loflazepate|Clobazam|"
        "Lormetazepam|Tofisopam|Anxiolit|Seresta (Oxazepam)|Tetrazepam|Equinil (Meprobamates)|Феназепам|Диазепам|ГОМК"
    ),
    DrugGroup.KETAMINE_PCP: "Ketamine|Methoxetamine|Phencyclidine|Кетамин",
    DrugGroup.PRECURSORS: (
        "Pseudoephedrine|Ephedrine|Non-specified precursors|Other precursors|Acetic Anhydride|MDP2P|Phenylacetone|"
        "Sulphuric Acid|Hydrochloric Acid|Potassium Permanganate|Acetone/Ethyl Ether|Methyl Ethyl Ketone|Toluene|"
        "Piperidine|Pyrrolidine|Dimethylamine|Quinoline|Ammonium chloride|Sodium hydroxide|Sodium Carbonate|"
        "Cyclohexanone|Ангидрид уксусной кислоты|Уксусный ангидрид|Эфедрин|Псевдоэфедрин|Серная кислота|"
        "Соляная кислота|Перманганат калия|Ацетон|Толуол"
    ),
    DrugGroup.PHARMACEUTICALS: (
        "Non-specified pharmaceuticals|Non-specified psychotropic substances|Controlled Drug Mix|Dextromethorphan|"
        "Cough sirups|Parkedil|Parkenal|Taren|Largactile|Chlorpromazine|Sinequan (Doxepine)|Zirexa|"
        "ANAFRANIL (CLOMIPRAMINE)|Elavil (Amitriptyline)|Ludiomil (Maprotiline)|Tofranil (Imipramine)|"
        "BUSPAR (CHYDRATE DE BUSPIRONE)|LIOREZAL|"
        "Valproic acid|Carbamazepine|Amantadine|Tianeptine|Novazine|GABA|Прегабалин|Лирика"
    ),
    DrugGroup.OTHER: (
        "Other|Unknown|Alcohol|Caffeine|Methylsulfonylmethane|Colina|Kitil|Methylester|Acyl|Lozenal|Halbiridol|Soulperane"
    ),
}

_BY_NAME = {name.casefold(): group for group, names in _NAMES.items() for name in names.split("|")} | {
    text.casefold(): group for group in DrugGroup for text in group.label
}


def find_drug_group(name: str) -> DrugGroup:
    """The group of a drug by its name as written, in any case; ``other`` if the table does not have it."""
    return _BY_NAME.get(" ".join(name.split()).casefold(), DrugGroup.OTHER)


def known_drug_names() -> frozenset[str]:
    """The names of the table, in lower case."""
    return frozenset(_BY_NAME)
