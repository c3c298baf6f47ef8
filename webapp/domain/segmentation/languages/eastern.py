"""Languages whose scripts have no capitals: a mark ends a sentence unless what is around it shows otherwise."""

import re

from webapp.domain.segmentation.languages.language import Language, words

JAPANESE = Language(
    "ja",
    "Japanese",
    goes_on_behind_quote=re.compile(r"(?:と|って|など|との|という|の|は|が|も|を|に|で|や|へ|から|より|、|,|，|ら)"),
    pairs=("「」", "『』", "（）"),
)
CHINESE = Language(
    "zh",
    "Chinese",
    # Who spoke, and the verb: “你好！”他笑着说。
    goes_on_behind_quote=re.compile(
        r"[^\W\d_]{0,10}?(?:说|說|道|问|問|表示|称|稱|喊|答|写道|寫道|指出|回应|回應|强调|強調)"
        r"(?:[。，,！!?？]|$)|的|，|、"
    ),
)
ARABIC = Language(
    "ar",
    "Arabic",
    frequent=words("في من على إلى أن التي الذي عن مع هذا هذه ما لا كان كانت قال بعد بين ذلك لم كما وقال أو قد حيث"),
    titles=words("د أ أ.د م ص ت ط ج ق ف ه هـ ش ا ل ب د.م"),
    numbered=words("ص ج ط رقم ت م هـ"),
    units=words("إلخ الخ"),
    may_be_last=words("ق.م ب.م م هـ ش.م.م د.إ ش.م.ل"),
)
PERSIAN = Language(
    "fa",
    "Persian",
    frequent=words("از که این را با است برای آن در به می شد شود کرد های یک خود بر تا نیز هم بود گفت کند دارد"),
    titles=words("د م ص ج ا آ ق"),
    numbered=words("ص ج م ش ق ه"),
    units=words("غیره"),
    may_be_last=words("ه.ش ه.ق ق.م پ.م م ه"),
)
