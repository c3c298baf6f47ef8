"""The words that make a full stop ambiguous, in groups by what the stop behind them means."""


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


# A name follows: the stop behind these never ends a sentence. Keys are small letters without the last stop.
TITLES = _words(
    "mr mrs ms mx dr drs messrs mme mmes mlle prof profs rev revd fr msgr hon rt",  # forms of address
    "gen gens lt col maj capt cpt cmdr cdr comdr adm brig sgt cpl pfc pvt spc ens wo cwo msg sfc ssgt tsgt",  # ranks
    "sec secs sen sens rep reps gov govs pres atty supt det insp ofc amb treas secy sec'y ald dep asst",  # offices
    "mt.gen lt.col maj.gen brig.gen lt.gen lt.gov vice.adm",
    "dir exec insp const comm'r commr vp",
)

# These stand inside a phrase and are followed by more of it, capital or not.
NEVER_LAST = _words(
    "p.s ps n.b nb",
    "vs v e.g i.e eg ie cf viz aka a.k.a c/o w/o incl excl approx esp fwd re resp",
    "assoc mfg natl int'l intl nat'l univ gov't",
)

# A number follows (No. 10, p. 55, Fig. 2); before anything else the word ended its sentence.
NUMBERED = _words(
    "no nos nr n° nº № p pp pg pgs para paras art arts sec secs § §§ ch chap chs fig figs eq eqs ex vol vols",
    "pt pts ver tel ext op cit fol ff l ll bk ed eds app tab no's ca circa est b d m div r rm apt ste rte hwy",
)

MONTHS = _words("jan feb mar apr jun jul aug sep sept oct nov dec")
DAYS = _words("mon tue tues wed weds thu thur thurs fri sat sun")

# The hour: a day, a time zone or a new sentence follows.
HOURS = _words("a.m p.m am pm")
AFTER_HOURS = _words(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august",
    "september october november december eastern central mountain pacific et est edt ct cst cdt mt mst mdt pt pst",
    "pdt gmt utc bst cet cest local greenwich moscow beijing tokyo",
) | (MONTHS | DAYS)

COMPANIES = _words("inc corp co cos ltd llc llp plc bros assn assoc gmbh s.a n.v a.g pty cie l.p l.l.c p.l.c")
AFTER_COMPANIES = _words(
    "chief chairman chairwoman chair president ceo cfo coo cto vice executive executives director founder co-founder",
    "spokesman spokeswoman spokesperson senior managing general analyst chapter class",
    "inc corp co ltd llc plc pictures entertainment records music news studios bank group holdings unit subsidiary",
)

STATES = _words(
    "ala ariz ark calif cal colo conn del fla ga ill ind kan kans ky la md mass mich minn miss mo mont neb nebr nev",
    "n.h n.j n.m n.y n.c n.d okla ore pa penn r.i s.c s.d tenn tex vt va wash w.va wis wisc wyo d.c p.r",
    "ont que alta sask man b.c n.s n.b n.l",
)

# These may end a sentence, and then the next word shows it.
MAY_BE_LAST = _words(
    "jr sr esq ph.d m.d b.a m.a b.s m.s j.d d.d.s r.n m.b.a ll.b u.s u.k u.n e.u u.s.a u.a.e u.s.s.r b.c a.d b.c.e c.e",
    "st ave blvd rd ln hwy pkwy sq ct pl ter cir dr mt ft dept bldg inst acad cmte comm subcomm soc org",
    "al etc ibid seq misc min max avg temp num gov gal oz lb lbs kg km mi in ft yd yr yrs hr hrs sq cu mph",
    "eng sci lit phil hist ref refs trans repr suppl conf proc trib dist elec exp govt corp's ltd's orig",
    "r.i.p q.e.d p.s f.o.b c.o.d p.o u.s.c",
) | (STATES | COMPANIES | DAYS)

STREETS = _words("ave blvd rd ln pkwy hwy")

# Words in small letters are not these: “the sun.”, “he was ill.”, “mass.”
CAPITALISED = (TITLES - _words("mr mrs ms dr prof messrs lt gov sec secs")) | MONTHS | DAYS | (STATES - _words("d.c"))

# Followed by a capital, the sentence has ended.
LAST_BEFORE_CAPITAL = _words("etc seq ibid in lb lbs oz kg km mi yr yrs hr hrs mph min max")

KNOWN = TITLES | NEVER_LAST | NUMBERED | MONTHS | HOURS | MAY_BE_LAST

# Words that begin a sentence when they have a capital: few names begin with them.
STARTERS = _words(
    "The A An This That These Those There Here It Its He His She Her They Their We Our You Your My I I'm I've I'd I'll",
    "It's He's She's They're We're You're That's There's What's Who's Let's Don't Didn't Isn't",
    "In On At By For From With Without Within During After Before Since Until As Of To Under Over Between Among",
    "Through Throughout Despite Because If When While Where Whether Although Though Unless Once Upon Besides Beyond",
    "And But Or Nor Yet So Then Thus Hence Also However Instead Meanwhile Moreover Furthermore Nevertheless",
    "Nonetheless Otherwise Still Now Today Yesterday Tomorrow Later Earlier Soon Again Perhaps Maybe Indeed",
    "Who What Why How Which Whose Whom Is Are Was Were Do Does Did Has Have Had Can Could Would Should Must Be",
    "Some Many Most Few Several Both Each Every Either Neither Another Other Others All Any None Nothing Nobody",
    "Everyone Everything Everybody Someone Something Anyone Anything Such Not No Yes Only Even Just Well Once Two Three",
    "Four Five Six Seven Eight Nine Ten About Nearly Almost Although According Asked Please Thanks Thank See",
)

PLAIN_STARTERS = _words(
    "The A An This These Those There It He She They We In On At By For From After Before Even But And"
)

# News begins sentences with these too, but headlines use them as well: a small letter must follow.
GROUPS = _words(
    "Officials Police Authorities Critics Residents Investigators Prosecutors Witnesses Analysts Experts Lawmakers",
    "Republicans Democrats Supporters Opponents Protesters Voters Researchers Scientists Doctors Economists Shares",
    "Stocks Sales Profits Prices Teachers Parents Students Workers Firefighters Troops Soldiers Rebels Activists",
    "Executives Investors Reporters Lawyers Attorneys Neighbors Relatives Emergency Rescuers Local Federal State",
)

# Letters that name a thing and not a person: vitamin C, Plan B.
LETTERED = _words(
    "vitamin vitamins hepatitis plan group grade exhibit section type option appendix class category team point part",
    "block figure table series model schedule level phase pool division building hall gate terminal wing line",
)

# What a speaker did: behind a closing quote they show that the sentence goes on.
SPEECH = (
    "said|says|say|asked|asks|ask|replied|replies|added|adds|wrote|writes|tweeted|posted|shouted|shouts|cried|cries|"
    "exclaimed|wondered|wonders|whispered|yelled|screamed|laughed|quipped|joked|recalled|explained|continued|insisted|"
    "declared|demanded|muttered|murmured|answered|called|calls|thought|sighed|sighs|snapped|began|started|howled|chanted|"
    "inquired|queried|responded|remarked|observed|announced|concluded|argued|told|boasted|pleaded|roared|gasped"
)

# Names that end in a mark.
EXCLAIMED_NAMES = _words(
    "yahoo jeopardy oklahoma mia jeb panic guess wham airplane democracy now fuel ok hello! whammo"
)
