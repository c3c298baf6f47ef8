"""German, whose nouns all have a capital and whose ordinals have a stop."""

from webapp.domain.segmentation.languages.language import Language, words

GERMAN = Language(
    "de",
    "German",
    frequent=words(
        "der die das und den dem des ein eine einen einem einer ist nicht von zu mit sich auf für auch als",
        "wird werden hat haben im am zum zur bei nach wie er sie es sind wurde noch über war aus dass ich wir",
        "aber oder vom",
    ),
    letters="ß",
    starters=words(
        "Der Die Das Den Dem Des Ein Eine Einen Einem Einer Er Sie Es Wir Ich Ihr Man In Im An Am Auf Aus Bei",
        "Beim Mit Nach Seit Von Vom Vor Zu Zum Zur Für Gegen Gegenüber Ohne Um Unter Über Durch Zwischen",
        "Wegen Trotz Während Laut Und Oder Aber Doch Denn Sondern Auch Noch Nur Schon So Sogar Wenn Weil Da",
        "Dass Als Ob Obwohl Nachdem Bevor Bis Dabei Dafür Dagegen Daher Damit Danach Dann Daran Darauf Daraus",
        "Darin Darüber Darum Davon Davor Dazu Deshalb Deswegen Dennoch Trotzdem Dies Diese Diesem Diesen",
        "Dieser Dieses Jene Jener Jetzt Heute Gestern Später Zuvor Zuletzt Zunächst Zudem Außerdem Allerdings",
        "Jedoch Hier Dort Nun Also Somit Hinzu Viele Vieles Einige Mehrere Alle Alles Beide Kein Keine Keiner",
        "Niemand Nichts Was Wer Wen Wem Wo Wie Warum Wann Weshalb Welche Welcher Sein Seine Seinen Ihre Ihren",
        "Unser Unsere Mein Meine Manche Mancher Jeder Jede Jedes Etwas Etwa Rund Insgesamt Vielleicht Bereits",
        "Immer Nie Nicht Weder Entweder Seitdem Inzwischen Derzeit Dadurch Ebenso Anders Ist Sind War Waren",
        "Hat Hatte Wird Wurde Kann Muss Soll Ja Nein",
    ),
    titles=words(
        "dr prof med habil hr hrn fr frl hl st sr mag ing dipl jur rer nat phil univ priv-doz doz gen oblt lt",
        "hptm maj geh pfr rev msgr",
    ),
    never_last=words(
        "z.b d.h bzw vgl sog insb insbes bspw zzgl abzgl inkl exkl i.e d.i u.u m.e i.d.r i.d vs gem lt ggf",
        "evtl einschl ausschl sen u.a.m s.o",
    ),
    numbered=words(
        "nr nrn art abs ziff s § §§ ca bd kap abb tab anm rn az tel fax hausnr pos lfd st jg aufl kl zirka rd",
        "geb gest hg hrsg",
    ),
    units=words("usw etc u.s.w u.dgl dgl o.ä u.ä o.a ff min std sek f"),
    may_be_last=words(
        "u.a a.d jr mio mrd tsd bill dm n.chr v.chr u.v.m v.u.z n.u.z str pl u.v.a a.g e.v gmbh co geb verh",
        "gegr hbf bhf bundesst jh jhs jhd jhdt nordrh hess bay abt inst verw a.m a.o ehem verst stellv",
    ),
    months=words("jan jän feb febr mär apr mai jun jul aug sep sept okt nov dez"),
    days=words("mo di mi do fr sa so"),
    only_with_capital=words("art so do mi di sa mo tab pos mag"),
    companies=words("inc corp ltd"),
    last_parts=("str",),
    has_ordinals=True,
    before_ordinals=words(
        "der die das den dem des am im vom zum zur beim ab bis seit in ins zu und oder jeder jede jedes jeden",
        "ihr ihre ihrem ihren ihrer sein seine seinem seinen seiner unser unsere mein meine ein eine einen",
        "diesem dieser jedem montag dienstag mittwoch donnerstag freitag samstag sonntag nach vor zweiten",
    ),
)
