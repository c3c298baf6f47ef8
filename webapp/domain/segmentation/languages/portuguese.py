"""Portuguese, of Portugal and of Brazil."""

from webapp.domain.segmentation.languages.language import Language, words

PORTUGUESE = Language(
    "pt",
    "Portuguese",
    frequent=words(
        "o os as de do da dos das em no na nos nas um uma e que é não para com por se mais como mas ao à foi",
        "ele ela são pelo pela seu sua seus suas ou quando muito já também até isso entre depois sem mesmo",
        "aos ter está há você",
    ),
    letters="ãõ",
    starters=words(
        "O A Os As Um Uma Uns Umas De Do Da Dos Das Em No Na Nos Nas Ao Aos À Às Por Pelo Pela Pelos Pelas",
        "Para Com Sem Sob Sobre Segundo Conforme Após Antes Depois Desde Até Durante Entre Contra Perante E",
        "Mas Ou Porém Contudo Todavia Entretanto Porque Pois Como Quando Onde Se Que Quem Qual Quais Quanto",
        "Ele Ela Eles Elas Eu Nós Você Vocês Seu Sua Seus Suas Meu Minha Este Esta Estes Estas Isto Esse Essa",
        "Esses Essas Isso Aquele Aquela Aquilo É São Era Eram Foi Foram Há Havia Está Estão Tem Têm Não Nem",
        "Nada Ninguém Nenhum Nenhuma Já Ainda Agora Hoje Ontem Amanhã Sempre Nunca Também Além Assim Então",
        "Logo Aqui Ali Lá Todo Toda Todos Todas Tudo Alguns Algumas Alguém Outro Outra Outros Outras Muitos",
        "Muitas Vários Várias Cada Qualquer Ambos Apenas Só Mesmo Mais Menos Enquanto Embora Apesar Talvez",
        "Dois Três Sim Dele Dela Neste Nesta Nesse Nessa Num Numa",
    ),
    titles=words(
        "sr sra srs sras srta dr dra drs dras prof profa profª profs eng arq gen gal cel cap ten maj sgt cb",
        "alm brig d dom pe fr frei exmo exma ilmo v.ex v.exa mons dep sen ver min pres gov mr st sto sta",
        "desemb des",
    ),
    never_last=words("p.ex ex cf vs i.e aprox obs"),
    numbered=words("n nº n° n.º no núm art arts p pág págs pp cap vol fig tel inc § al ed cx fl fls lin tab"),
    units=words("etc ibid h min seg kg km cm"),
    may_be_last=words(
        "a.c d.c s.a ltda cia av r tv pça est rod eua e.u.a u.e o.n.u jr séc a.m p.m depto dept lda c.el univ",
        "apto edif",
    ),
    months=words("jan fev mar abr mai jun jul ago set out nov dez"),
    only_with_capital=words("no mar ver dom r n al set"),
)
