"""Swedish."""

from webapp.domain.segmentation.languages.language import Language, words

SWEDISH = Language(
    "sv",
    "Swedish",
    frequent=words(
        "och att det som en på är av för med den till inte har de ett om var jag han men vi så från hon kan",
        "när nu ska år efter också vid över eller under mot än där sig enligt mycket bara sin sina hade",
        "skulle blir blev i",
    ),
    letters="å",
    starters=words(
        "Den Det De Dem Dessa Detta Denna En Ett Han Hon Jag Vi Ni Du Man I På Av För Med Till Från Om Vid",
        "Under Över Efter Före Enligt Genom Mot Mellan Utan Sedan Trots Bland Hos Och Men Eller Så Att Som",
        "När Där Här Då Nu Var Vad Vem Hur Varför Vilken Vilka Är Har Hade Kan Ska Blir Blev Inte Ingen Inget",
        "Inga Alla Allt Många Några Någon Något Flera Båda Varje Andra Även Också Dock Däremot Därför",
        "Dessutom Eftersom Medan Samtidigt Bara Redan Ännu Idag Igår Imorgon Senare Tidigare Först Sin Sina",
        "Hans Hennes Deras Vår Våra Min Mitt Mina Nej Ja Kanske Två Tre",
    ),
    titles=words("dr doc prof hr fr frk gen öv kapt löjtn st sankt ing fil civ tekn kand med bitr"),
    never_last=words(
        "t.ex tex bl.a d.v.s dvs s.k fr.o.m t.o.m p.g.a pga jfr resp ang m.a.o inkl exkl ev f.d e.g bl i.e vs",
        "f.n t.f",
    ),
    numbered=words("nr nris sid s kap § kl ca tel art bil fig tab vol c:a cirka st"),
    units=words("osv o.s.v m.m mm etc m.fl mfl o.d dyl o.dyl ff f min sek tim mån milj mdr tkr kr"),
    may_be_last=words("e.kr f.kr jr sr a.b u.s e.u u.s.a fig g b.l univ avd inst"),
    months=words("jan febr feb apr aug sept sep okt nov dec"),
    days=words("mån tis ons tors fre lör sön"),
    only_with_capital=words("st fr med min fil s tim ev tis g bil"),
)
