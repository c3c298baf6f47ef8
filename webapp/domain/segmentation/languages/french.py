"""French."""

from webapp.domain.segmentation.languages.language import Language, words

FRENCH = Language(
    "fr",
    "French",
    frequent=words(
        "le la les des du de et un une est dans que qui pour pas sur au aux par avec il elle ce cette son sa",
        "ses ont été sont mais plus nous vous leur leurs ne se était être avait ou où comme après selon",
    ),
    starters=words(
        "Le La Les L Un Une Des Du De D Il Elle Ils Elles On Nous Vous Je J Tu Ce C Cet Cette Ces Cela Ça Son",
        "Sa Ses Leur Leurs Mon Ma Mes Notre Nos Votre Vos Au Aux À A En Dans Sur Sous Par Pour Avec Sans",
        "Contre Entre Vers Chez Depuis Pendant Durant Avant Après Selon Malgré Outre Dès Et Mais Ou Or Donc",
        "Car Ni Si Quand Lorsque Comme Puis Alors Ainsi Aussi Enfin Ensuite Cependant Pourtant Toutefois",
        "Néanmoins Parce Puisque Tandis Qui Que Qu Quoi Où Comment Pourquoi Combien Quel Quelle Quels Quelles",
        "Tous Toutes Tout Toute Certains Certaines Plusieurs Chaque Aucun Aucune Personne Rien Beaucoup Peu",
        "Ici Là Hier Aujourd Demain Déjà Encore Toujours Jamais Désormais N Ne Se S Est Sont Était Y Celui",
        "Celle Ceux Autre D'autres Près Plus Moins Même Oui Non Deux Trois Face Suite",
    ),
    titles=words(
        "m mm mme mmes mlle mlles me mgr dr drs pr prof st ste sts stes ing gén cdt cdte cne col lt sgt adj",
        "amb min dép sén r.p vve",
    ),
    never_last=words("c.-à-d cf p.ex ex env vs av apr éd dir trad i.e n.b"),
    numbered=words("n° nº no nos art p pp al chap vol t fig tél éd env ch § §§ vv v r.n rte"),
    units=words("etc ibid al"),
    may_be_last=words(
        "j.-c j.c bd blvd pl av jr sr s.a s.a.r.l cie ets u.e o.n.u h.t t.t.c suiv éd r.-v dépt hab min h sec",
        "coll",
    ),
    months=words("janv févr fév avr juil sept oct nov déc"),
    only_with_capital=words("ex me sec"),
    elides=True,
)
