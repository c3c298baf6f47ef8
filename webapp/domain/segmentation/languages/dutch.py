"""Dutch."""

from webapp.domain.segmentation.languages.language import Language, words

DUTCH = Language(
    "nl",
    "Dutch",
    frequent=words(
        "de het een en van is dat op te in met voor niet zijn er aan om ook als bij door naar uit maar nog",
        "wordt over hij ze zij worden deze die dit heeft hebben was werd tot kan geen tegen onder wel meer na",
        "volgens zich",
    ),
    starters=words(
        "De Het Een Dat Die Dit Deze Er Hij Zij Ze Wij We Ik Jij Je U Men In Op Aan Bij Met Voor Van Naar Uit",
        "Over Door Om Onder Tegen Tot Tussen Zonder Sinds Tijdens Volgens Na Naast Vanaf Vanwege Ondanks En",
        "Maar Of Want Dus Toch Ook Nog Al Als Toen Terwijl Omdat Hoewel Wanneer Waar Waarom Wat Wie Welke Hoe",
        "Zo Zijn Haar Hun Ons Onze Mijn Is Was Waren Heeft Had Wordt Werd Kan Daar Daarbij Daarmee Daarna",
        "Daarnaast Daarom Daardoor Dan Nu Vandaag Gisteren Morgen Later Eerder Eerst Inmiddels Intussen",
        "Bovendien Echter Niet Niets Niemand Geen Veel Vele Velen Sommige Enkele Alle Allen Alles Iedereen",
        "Elke Elk Beide Andere Anderen Hier Hiervoor Misschien Zelfs Wel Ja Nee Twee Drie Begin Eind Te",
    ),
    titles=words(
        "dhr mevr mw mr mrs ms dr drs ir ing prof ds jhr jkvr st sint gen lt kol kap maj sgt min pres pater",
        "em eerw burg wnd zr gebr hr hh bc",
    ),
    never_last=words(
        "bijv bv d.w.z dwz vgl resp m.b.t i.v.m t.a.v o.a i.p.v a.h.w z.g zgn zog o.l.v t.o.v n.a.v m.n d.m.v",
        "t.g.v vs c.q i.e o.b.v t.b.v m.i.v v.d plm i.c z.s.m m.a.w ong incl excl",
    ),
    numbered=words("nr nrs art artt p pag pp blz hfst afb fig tel ca § lid kl jrg vol nos no bl"),
    units=words("enz etc e.d e.a ibid min sec uur mln mld a.s j.l jl l.l s.v.p"),
    may_be_last=words("n.v b.v jr sr v.chr n.chr a.d u.s v.s e.u u.s.a st str ln wo dept inc corp ltd co ned aj"),
    months=words("jan feb febr mrt apr jun jul aug sep sept okt nov dec"),
    days=words("ma di wo do vr za zo"),
    last_parts=("str", "ln"),
    only_with_capital=words("min ma di do za zo st lid em burg kap wo no pater gen sint bl maj co bv ned ms lt"),
)
