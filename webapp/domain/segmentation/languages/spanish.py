"""Spanish."""

from webapp.domain.segmentation.languages.language import Language, words

SPANISH = Language(
    "es",
    "Spanish",
    frequent=words(
        "el la los las de del y en que un una es no se por con para su al lo como más pero sus le ya o este",
        "ha esta son fue está entre cuando muy sin sobre también hasta hay donde quien desde nos según había",
        "era ser tras",
    ),
    letters="ñ¿¡",
    starters=words(
        "El La Los Las Lo Un Una Unos Unas En De Del Al A Con Por Para Sin Sobre Según Tras Ante Bajo Contra",
        "Desde Hasta Hacia Durante Mediante Entre Y E O Pero Sino Aunque Porque Pues Como Cuando Donde Si Que",
        "Quien Quienes Cual Qué Quién Cómo Cuándo Dónde Cuánto Se Su Sus Es Son Era Fue Fueron Ha Han Había",
        "Hay No Ni Nada Nadie Ningún Yo Tú Él Ella Ellos Ellas Nosotros Usted Ustedes Me Te Nos Le Les Mi Mis",
        "Este Esta Estos Estas Esto Ese Esa Eso Esos Aquel Aquella Así Entonces Luego Después Antes Ahora Hoy",
        "Ayer Mañana Ya Aún Todavía Siempre Nunca También Tampoco Además Todo Toda Todos Todas Algunos",
        "Algunas Alguien Algo Otro Otra Otros Otras Muchos Muchas Pocos Varios Ambos Cada Cualquier Tal Tan",
        "Tanto Más Menos Muy Sólo Solo Mientras Quizá Quizás Dos Tres Allí Aquí Está Sí",
    ),
    titles=words(
        "st sr sra srta sres sras d dª dña dn dr dra drs prof profa lic ing arq abg gral gen cnel tte cap",
        "cmdte sgto mons fr sto sta excmo excma ilmo ilma rvdo hno hna pbro dip sen alm pdte pdta min ab",
    ),
    never_last=words("ee rr ff jj cc dd p.ej ej cf vs i.e aprox v.gr q.e.p.d núms"),
    numbered=words(
        "núm no nro nº n° n.º art arts pág págs p pp cap vol fig tel teléf cp km c apdo ap ed hab § inc lín",
        "col",
    ),
    units=words("a.m p.m etc ibíd ibid h hs min seg kg cm mm pts"),
    may_be_last=words(
        "uu hh aa oo ss u.s ee.uu s.a s.l s.a.s s.r.l cía ltda hnos a.c d.c a.de.c avda av bco dpto depto",
        "prov gob admón jr u.e onu s.s rr.hh ff.aa jj.oo cc.oo c.v izq dcha pza pl ud uds vd vds c.f edo",
    ),
    months=words("ene feb mar abr may jun jul ago sep sept set oct nov dic"),
    only_with_capital=words("no mar may set col dic"),
)
