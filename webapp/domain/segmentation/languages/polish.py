"""Polish."""

from webapp.domain.segmentation.languages.language import Language, words

POLISH = Language(
    "pl",
    "Polish",
    frequent=words(
        "i w na nie się z do to że o jest jak po co za od dla jego tak przez przy przed czy ale już oraz są",
        "był była było który która które roku tym jej ich może tylko także został została będzie być",
    ),
    letters="łżąęśćń",
    starters=words(
        "W We Na Z Ze Do Od Po Za Przed Przez Przy Pod Nad O U Dla Bez Między Wśród Według Zdaniem Podczas",
        "Mimo Oprócz I A Ale Lecz Jednak Albo Lub Oraz Więc Zatem Dlatego Bo Ponieważ Jeśli Jeżeli Gdy Kiedy",
        "Choć Chociaż Aby Żeby Że Czy Kto Co Gdzie Jak Jaki Jaka Jakie Który Która Dlaczego Ile To Ten Ta Te",
        "Ci Tym Tego Tak Taki Taka Takie Tam Tu Teraz Dziś Dzisiaj Wczoraj Jutro Już Jeszcze On Ona Ono Oni",
        "One Ja My Wy Jego Jej Ich Mój Nasz Swój Nie Nikt Nic Żaden Wszyscy Wszystko Wszystkie Każdy Każda",
        "Wiele Wielu Niektórzy Niektóre Inni Inne Inny Kilka Dwa Dwie Trzy Oba Tylko Nawet Też Także Również",
        "Następnie Potem Później Wcześniej Natomiast Tymczasem Jest Są Był Była Było Byli Może Można Trzeba",
        "Ponadto Poza Obecnie Wtedy Stąd Właśnie Niestety Podobnie Obaj",
    ),
    titles=words(
        "ul al pl os im św ks bp abp kard o s br prof hab inż mgr lek mec red gen płk ppłk kpt por ppor mjr",
        "sierż plut kmdr adm dyr prez min pos doc dypl woj pow gm rtm rej m.st sędz asp insp nadkom podkom",
        "kom",
    ),
    never_last=words(
        "dn poł np tzn tj tzw m.in ok wg por zob jw ds pt ang niem łac fr ros dosł gł ewent ew vs i.e dł n.p m.n z.o"
    ),
    numbered=words("nr nry s str t tom ust art par pkt poz rozdz § rys tab tel godz r ryc lit zał ur zm"),
    units=words("itd itp etc tys zł gr min sek mln mld kg km cm proc n.e p.n.e"),
    may_be_last=words("z.o.o sp.z.o.o s.a sp jr u.e o.o c.d p.o n.p.m odc wyd oprac tłum cz ub br bm b.r b.m"),
    years=words("r w"),
    months=words("sty lut mar kwi maj cze lip sie wrz paź lis gru"),
    only_with_capital=words("o lis maj mar tom lut"),
    has_ordinals=True,
    before_ordinals=words("w na do od po z ze za przed dla przy pod nad i oraz latach lat lata o jej jego ich"),
)
