"""The legal forms of companies, as people write them: what a name is the same company with or without.

Data alone. Written naturally; name_rules.py reads them as it reads names. Words that say what a company
does or is a part of (Group, Holding, International) are no legal forms and tell companies apart.
"""

from __future__ import annotations

# Anywhere in a name: nothing else is written so.
ANYWHERE = (
	*("Ltd", "LLC", "Inc", "PLC", "LLP", "Pty", "Pte", "Pvt", "Bhd", "GmbH", "mbH", "gGmbH", "KGaA"),
	*(
		"SARL",
		"EURL",
		"SASU",
		"SRL",
		"S.p.A.",
		"SAPI",
		"EIRELI",
		"BVBA",
		"Lda",
		"Ltda",
		"s.r.o.",
		"Kft",
		"Zrt",
		"Nyrt",
	),
	*(
		"d.o.o.",
		"DOOEL",
		"ApS",
		"Oyj",
		"GmbH & Co. KG",
		"GmbH & Co. OHG",
		"S.A. de C.V.",
		"S. de R.L. de C.V.",
	),
	*("Ges.m.b.H.", "Gesellschaft mbH", "Unipessoal Lda", "Ltd. Şti.", "FZ-LLC"),
	*("Private Limited", "Sp. z o.o.", "Spółka z o.o.", "sp. z o. o."),
	*("ООО", "ОАО", "ЗАО", "ПАО", "НАО", "ТОО", "ТОВ", "ПрАТ", "ЕООД", "ЕАД", "ДООЕЛ"),
	*("Общество с ограниченной ответственностью", "Товариство з обмеженою відповідальністю"),
	*("Акционерное общество", "Публичное акционерное общество", "Закрытое акционерное общество"),
	*("ذ.م.م", "ش.م.م", "ش.م.ع", "ش.ذ.م.م", 'בע"מ', "בעמ"),
	*("प्राइवेट लिमिटेड", "प्रा. लि.", "प्रा लि", "प्रा॰ लि॰"),
	*("บจก", "บมจ", "หจก"),
)

# At the end of a name, one after another.
AT_THE_END = (
	*(
		"Limited",
		"Incorporated",
		"Corp",
		"Corporation",
		"Co",
		"Company",
		"LC",
		"LP",
		"LLLP",
		"CIC",
		"Unlimited",
	),
	*("AG", "KG", "OHG", "oHG", "GbR", "UG", "eG", "e.V.", "e.K.", "e.U.", "SE", "haftungsbeschränkt"),
	*("Aktiengesellschaft", "Gesellschaft mit beschränkter Haftung"),
	*("SA", "SAS", "SNC", "SCI", "SCS", "SCOP", "SàRL", "Société anonyme", "S.A.R.L.", "Cie", "et Cie"),
	*("SL", "SLU", "SAU", "SLL", "S. Coop.", "SAC", "SAB", "CV", "de CV", "Compañía", "Cía", "y Cía"),
	*("S.a.s.", "S.n.c.", "S.s.", "Srls", "Soc. Coop.", "Sociedade Anônima", "EPP"),
	*("BV", "NV", "VOF", "CV", "CVBA", "SPRL", "ASBL", "VZW", "SCRL"),
	*(
		"AB",
		"HB",
		"KB",
		"A/S",
		"AS",
		"ASA",
		"ANS",
		"K/S",
		"I/S",
		"P/S",
		"IVS",
		"Oy",
		"Ky",
		"Tmi",
		"hf",
		"ehf",
		"ohf",
	),
	*("SIA", "UAB", "OÜ", "OU", "MB", "VSIA"),
	*(
		"a.s.",
		"v.o.s.",
		"k.s.",
		"spol. s r.o.",
		"S.K.A.",
		"sp. j.",
		"sp. k.",
		"sp. p.",
		"Bt",
		"Kkt",
		"Rt",
		"Nyrt",
	),
	*("d.d.", "j.d.o.o.", "k.d.", "s.p.", "PFA", "SCA"),
	*("A.Ş.", "Şti", "San. ve Tic.", "San. Tic.", "Sanayi ve Ticaret", "Limited Şirketi", "Anonim Şirketi"),
	*(
		"Sdn",
		"Tbk",
		"Persero",
		"Joint Stock Company",
		"JSC",
		"PJSC",
		"OJSC",
		"CJSC",
		"FZE",
		"FZCO",
		"WLL",
		"KSC",
	),
	*("АО", "АД", "ООД", "ИП", "ПП", "ФОП", "ЧП", "ДП", "ДОО", "АТ"),
	*("Α.Ε.", "Ε.Π.Ε.", "Ο.Ε.", "Ε.Ε.", "Ι.Κ.Ε.", "Μ.Ι.Κ.Ε.", "Α.Β.Ε.Ε.", "Α.Ε.Β.Ε.", "Μονοπρόσωπη"),
	*("المحدودة", "المساهمة", "شركة", "लिमिटेड", "लि", "प्रा"),
)

# At the beginning of a name.
AT_THE_START = (
	*("The", "Die", "Der", "Das", "SC", "PT", "CV", "UAB", "SIA", "AS", "OÜ", "AB", "Firma", "Fa"),
	*("АО", "АД", "АТ", "ИП", "ПП", "ФОП", "ЧП", "ДП", "شركة", "חברת"),
)

# Scripts that put no space between a form and a name. Longer ones first, as one may hold another.
ATTACHED = (
	*("股份有限公司", "有限责任公司", "有限責任公司", "有限公司"),
	*("株式会社", "有限会社", "合同会社", "合資会社", "合名会社", "株式會社", "(株)", "(有)", "(同)"),
	*("주식회사", "유한회사", "유한책임회사", "(주)", "(유)"),
	*("ห้างหุ้นส่วนจำกัด", "(มหาชน)", "บริษัท", "จำกัด"),
)

# Between two names, or written as a sign.
CONJUNCTIONS = ("and", "und", "et", "y", "e", "og", "och", "en", "ve", "ja", "és", "και", "и", "і", "та")

# Words that are written short. The short form stands for all spellings.
ABBREVIATIONS = {
	"intl": ("international", "internat", "int"),
	"natl": ("national", "nat"),
	"mfg": ("manufacturing", "manuf", "manufacture"),
	"mfr": ("manufacturer", "manufacturers"),
	"bros": ("brothers",),
	"gebr": ("gebrüder", "gebroeders"),
	"assoc": ("associates", "associated", "assocs"),
	"assn": ("association",),
	"mgmt": ("management", "mgt"),
	"svc": ("service", "services", "svcs", "serv"),
	"eng": ("engineering", "engrg"),
	"tech": ("technology", "technologies", "technologie", "technologien"),
	"lab": ("labs", "laboratory", "laboratories"),
	"med": ("medical",),
	"ctr": ("center", "centre", "centers", "centres", "cntr"),
	"dept": ("department",),
	"dist": ("distribution", "distributors"),
	"ind": ("industries", "industry", "inds"),
	"univ": ("university", "universität", "université"),
	"inst": ("institute", "institut"),
	"const": ("construction", "constructions"),
	"elec": ("electric", "electrical"),
	"bldg": ("building",),
	"grp": ("group",),
	"hldg": ("holding", "holdings", "hldgs"),
	"sys": ("systems", "system"),
	"soln": ("solution", "solutions", "solns"),
}
