"""English."""

from webapp.domain.segmentation.languages.language import Language, words

# A name follows, so the stop never ends a sentence.
TITLES = words(
    "mr mrs ms mx sra srta smt dr drs messrs mme mmes mlle prof profs rev revd fr msgr hon rt ste",  # forms of address
    "gen gens lt col maj capt cpt cmdr cdr adm brig sgt cpl pfc pvt spc ens cwo msg sfc",  # ranks
    "sec secs sen sens rep reps gov govs pres atty supt det insp const ofc amb treas ald dep asst dir exec",
    "min",  # offices
)

# More of the same phrase follows.
NEVER_LAST = words("vs v e.g i.e eg ie cf viz aka a.k.a incl excl approx esp p.s ps n.b nb")

# A number follows (“No. 10”, “p. 55”, “b. 1980”); before any other word with a capital the sentence has ended.
NUMBERED = words(
    "no nos nr n° nº № p pp pg pgs para paras art arts sec secs sect § §§ ch chap chs fig figs eq eqs thm vol vols",
    "ver tel ext op cit fol ff l ll n nn bk ed eds ca circa est b d m r div rm fl apt rte rs tk",
)

MONTHS = words("jan feb mar apr jun jul aug sep sept oct nov dec")
DAYS = words("mon tue tues wed weds thu thur thurs fri sat sun")

# After the hour a day or a time zone goes on with the sentence; any other capital begins one.
HOURS = words("a.m p.m am pm")
AFTER_HOURS = (
    MONTHS
    | DAYS
    | words(
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august",
        "september october november december eastern central mountain pacific et est edt ct cst cdt mt mst mdt pt pst",
        "pdt gmt utc bst cet cest ist local greenwich moscow beijing tokyo",
    )
)

# A company's name may end a sentence; these words show that it does not.
COMPANIES = words("inc corp co cos ltd llc llp plc bros assn gmbh s.a n.v a.g pty l.p l.l.c p.l.c")
AFTER_COMPANIES = words(
    "chief chairman chairwoman chair president ceo cfo coo cto vice executive executives director founder co-founder",
    "spokesman spokeswoman spokesperson senior managing general analyst class unit subsidiary holdings group bank",
    "inc corp co ltd llc plc pictures entertainment records music news studios",
)

STATES = words(
    "ala ariz ark calif cal colo conn del fla ga ill ind kan kans ky la md mass mich minn miss mo mont neb nebr nev",
    "n.h n.j n.m n.y n.c n.d okla ore pa penn r.i s.c s.d tenn tex vt va wash w.va wis wisc wyo d.c p.r ont b.c n.s",
)
STREETS = words("ave blvd rd ln pkwy hwy")

# These end a sentence whenever a capital follows.
UNITS = words("lb lbs oz kg km mi in yd yr yrs hr hrs mins mph gal bbl pct pts etc seq ibid")

# These end a sentence only if the next word begins one; other acronyms with stops are treated alike.
MAY_BE_LAST = (
    STATES
    | STREETS
    | COMPANIES
    | words(
        "jr sr esq ph.d m.d b.a m.a b.s m.s j.d m.b.a ll.b u.s u.k u.n e.u u.s.a a.d b.c.e c.e st sq ct pl mt ft pt",
        "mts tech ret retd al dept depts bldg inst acad cmte comm soc assoc univ natl nat'l intl int'l govt gov't",
    )
)

# In small letters these are other words: “the sun.”, “he was ill.”, “one rep.”, “5 min.”
ONLY_WITH_CAPITAL = (TITLES | MONTHS | DAYS | STATES) - words("mr mrs ms dr prof messrs lt gov sec secs d.c")

# Letters that name a thing and not a person: “vitamin C.”, “Plan B.”
LETTERED = words(
    "vitamin vitamins hepatitis plan group grade exhibit section type option appendix class category team point part",
    "block figure table series model schedule level phase pool division building hall gate terminal wing line",
)

# Names that end in an exclamation mark.
EXCLAIMED = words("yahoo jeopardy oklahoma mia jeb wham e")

# Names that end in a question mark.
ASKED = words("which guess")

# With a capital these begin a sentence, because few names begin with them.
STARTERS = words(
    "The A An This That These Those There Here It Its He His She Her They Their We Our You Your My I I'm",
    "I've I'd I'll It's He's She's They're We're You're That's There's What's Who's Let's Don't",
    "I’m I’ve I’d I’ll It’s He’s She’s They’re We’re You’re That’s There’s What’s Who’s Let’s Don’t",
    "In On At By For From With Without Within During After Before Since Until As Of To Over Between Among Through",
    "Throughout Despite Because If When While Where Whether Although Though Unless Once Upon Besides Beyond",
    "And But Or Nor Yet So Then Thus Hence Also However Instead Meanwhile Moreover Furthermore Nevertheless Still",
    "Nonetheless Otherwise Now Today Yesterday Tomorrow Later Earlier Soon Again Perhaps Maybe Indeed According",
    "Who What Why How Which Whose Is Are Was Were Do Does Did Has Have Had Can Could Would Should Must",
    "Some Many Most Few Several Both Each Every Either Neither Another Other Others All Any None Nothing Nobody",
    "Everyone Everything Everybody Someone Something Anyone Anything Such Not No Yes Only Even Just Well One Two Three",
    "Four Five Six Seven Eight Nine Ten About Nearly Almost Asked Please Thanks Thank See",
)

# Those of them that follow a bare footnote number: “… minority rights. 4 Even though …”
AFTER_NOTES = words("The A An This These Those There It He She They We In On At By For From After Before Even But And")

# News begins sentences with these as well, but so do names: a word in small letters must follow.
GROUPS = words(
    "Officials Police Authorities Critics Residents Investigators Prosecutors Witnesses Analysts Experts Lawmakers",
    "Republicans Democrats Supporters Opponents Protesters Voters Researchers Scientists Doctors Economists Shares",
    "Stocks Sales Profits Prices Teachers Parents Students Workers Firefighters Troops Soldiers Rebels Activists",
    "Executives Investors Reporters Lawyers Attorneys Neighbors Relatives Rescuers Agents Officers Former Senior",
    "Americans Russians Israelis Palestinians Iranians Ukrainians Europeans Emergency Local Federal State",
)

SMALL_IN_HEADLINES = words("a an the of in on at to for by and or but nor as from with over into vs. v.")

# What speakers do. Behind a closing quote it shows that the sentence goes on.
SPEECH = words(
    "said says say asked asks ask replied replies added adds wrote writes tweeted posted shouted shouts cried cries",
    "exclaimed wondered wonders whispered yelled screamed laughed quipped joked recalled explained continued insisted",
    "declared demanded muttered murmured answered called calls thought sighed sighs snapped began started howled",
    "chanted inquired queried responded remarked observed announced concluded argued told pleaded roared",
)

FREQUENT = words(
    "the of and to in that is was for it with as he on be at by had not are but from or have an they which one you",
    "were his she said has been their would who will its this when there what if we about after more than into could",
    "some",
)

ENGLISH = Language(
    "en",
    "English",
    frequent=FREQUENT,
    starters=STARTERS,
    groups=GROUPS,
    after_notes=AFTER_NOTES,
    titles=TITLES,
    never_last=NEVER_LAST,
    numbered=NUMBERED,
    units=UNITS,
    may_be_last=MAY_BE_LAST,
    months=MONTHS,
    days=DAYS,
    hours=HOURS,
    after_hours=AFTER_HOURS,
    companies=COMPANIES,
    after_companies=AFTER_COMPANIES,
    states=STATES,
    streets=STREETS,
    only_with_capital=ONLY_WITH_CAPITAL,
    lettered=LETTERED,
    exclaimed=EXCLAIMED,
    asked=ASKED,
    small_in_headlines=SMALL_IN_HEADLINES,
    speech=SPEECH,
)
