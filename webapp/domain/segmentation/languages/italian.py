"""Italian."""

from webapp.domain.segmentation.languages.language import Language, words

ITALIAN = Language(
    "it",
    "Italian",
    frequent=words(
        "il lo la gli le di del della dei delle e un una è in che per non con si da dal dalla al alla sono ha",
        "anche come più ma nel nella su sul sulla essere stato stata dopo hanno era questo questa suo sua",
        "loro ai i ed",
    ),
    starters=words(
        "Il Lo La I Gli Le L Un Uno Una Di Del Della Dei Delle Dello A Al Alla Ai Alle Da Dal Dalla In Nel",
        "Nella Nei Nelle Su Sul Sulla Con Per Tra Fra Senza Secondo Dopo Prima Durante Contro Verso Sotto",
        "Sopra Oltre Entro Fino E Ed Ma O Però Perché Poiché Quindi Dunque Infatti Inoltre Così Come Quando",
        "Mentre Se Che Chi Cosa Dove Quanto Quale Quali Non Né Si È Sono Era Erano Ha Hanno Aveva C Io Tu",
        "Egli Lui Lei Noi Voi Loro Essi Mi Ti Ci Vi Questo Questa Questi Queste Quello Quella Quelli Quelle",
        "Suo Sua Suoi Sue Mio Nostro Nostra Anche Ancora Già Ora Oggi Ieri Domani Poi Sempre Mai Forse Tutto",
        "Tutti Tutta Tutte Molti Molte Alcuni Alcune Altri Altre Altro Ogni Ognuno Nessuno Nessuna Niente",
        "Nulla Qui Lì Là Allora Intanto Invece Tuttavia Eppure Anzi Solo Due Tre Sarà Nell Dell All Dall Sull",
        "Quell Ecco Sì No Ciò Entrambi Qualcuno Persino Perfino",
    ),
    titles=words(
        "sig sigg sig.ra sig.na sig.ri ra dott dott.ssa dr drssa ssa prof prof.ssa proff avv ing arch geom",
        "rag on onn sen mons don gen col ten cap magg amm serg brig mar com comm cav uff gr s ss spett egr",
        "gent min pres p f.lli cons mar.llo r.mo ill.mo",
    ),
    never_last=words("p.es es cfr vs c.d cd i.e n.b ca circ dr.ssa v lgs"),
    numbered=words(
        "n nn nr num art artt co p pp pag pagg cap vol fig tel § lett c par d.lgs d.l d.p.r l r.d all tab sez",
        "ed",
    ),
    units=words("ecc etc ss seg segg ibid sgg mq kmq"),
    may_be_last=words(
        "a.c d.c s.p.a spa s.r.l s.n.c s.a.s f.lli jr u.e a.m p.m c.so v.le p.za via p.zza ltd s.p.q.r n.d.r",
        "r.d min max u.s.a o.n.u",
    ),
    months=words("gen febb feb mar apr magg giu lug ago sett set ott nov dic"),
    only_with_capital=words("via set all don dic uff tab lug"),
    elides=True,
)
