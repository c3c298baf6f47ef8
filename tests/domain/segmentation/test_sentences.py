"""Where sentences end within a paragraph: one table a phenomenon, a bar wherever the text must be split."""

from itertools import pairwise

import pytest

from webapp.domain.segmentation import split


def bars(marked: str) -> str:
    """The text without its bars, split, and with bars again."""
    text = marked.replace("|", "")
    spans = split(text)
    gaps = [text[before.end : after.start] for before, after in pairwise(spans)]
    pieces = [text[span.start : span.end] for span in spans]
    return "".join(piece + gap + "|" for piece, gap in zip(pieces, gaps, strict=False)) + pieces[-1]


def cases(table: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("marked", [line.strip() for line in table.strip().split("\n")])


@cases("""
    The vote failed. |It was the third defeat this year.
    Was it a mistake? |Nobody in the room would say.
    They won at last! |The streets filled within minutes.
    He resigned on Monday. |“I have no regrets,” he said.
    It began in 1999. |The war ended in 2003.
    The index fell 3.5 percent to 14,211.07. |Oil rose.
    Shares closed at $4.15. |Volume was thin.
    The bill passed 51-49. |Two senators abstained.
    Prices rose 4%. |Wages did not.
    Who paid for it?! |That is the question.
    The storm weakened; nobody was hurt. |Two ships sank.
""")
def test_a_mark_before_a_capital_ends_the_sentence(marked: str) -> None:
    assert bars(marked) == marked


@cases("""
    Gen. Mark Milley met Lt. Gen. Ivan Petrov in Geneva. |They spoke for an hour.
    Brig. Gen. Ali Rezaei flew home with Maj. Gen. Hossein Karimi.
    Sen. Ann Lee, R-Ohio, said Rep. Bo Cruz, D-Calif., had lied.
    Gov. Rita Lamm and Lt. Gov. Paul Ortiz attended. |Mayor Kim did not.
    The Rev. Al Green spoke first. |Dr. Wen and Prof. Adams followed.
    Sgt. 1st Class Tom Reed and Cpl. Dana Fox were hurt.
    She wrote to Mr. and Mrs. Brown, Ms. Hale and Messrs. Dunn and Pratt.
    Attorney Gen. Luis Vega sued. |Capt. Moore declined to comment.
    Supt. Carla Diaz and Det. Sgt. Neil Shaw led the inquiry.
    Rear Adm. John Kirby briefed reporters. |He took no questions.
    Former Sens. Dole and Nunn agreed. |Reps. Hall and Wu did not.
    Lt.-Col. Bernard Roy and Maj.-Gen. Eva Stone signed it.
    U.S. Sen. Mark Hall and U.S. Rep. Joy Chen spoke.
    Tech. Sgt. John Hall died. |He had studied at Virginia Tech. |Police are looking.
    MS. HALE: I object. |She has MS. |The judge knew.
    It was signed by Fr. Thomas Doyle and Msgr. Paul Ricci.
    Col. Ahmed Musa, the spokesman, denied it. |Gen. Saleh confirmed it.
    The case of Sec. Clinton was different. |Secs. Rice and Gates agreed.
""")
def test_ranks_and_titles_lead_on_to_the_name(marked: str) -> None:
    assert bars(marked) == marked


@cases("""
    J. K. Rowling wrote it. |George R. R. Martin did not.
    President John F. Kennedy flew to Dallas. |Lyndon B. Johnson came too.
    The suspect, Jose A. Ruiz, 34, fled. |Police found him.
    J.R.R. Tolkien and C.S. Lewis met in a pub.
    W.E.B. Du Bois taught in Atlanta. |He left in 1910.
    A. B. Yehoshua met A. Philip Randolph and B. Smith.
    A lack of vitamin C. |The doctors were puzzled.
    They went with Plan B. |It failed.
    You and I. |Did you see Albert I. Jones yesterday?
    They screened for hepatitis C. |Most were clear.
    George W. Bush won. |Al Gore conceded.
    He admired Malcolm X. |His brother did not.
    The report was by Samuel L. Jackson and E. B. White.
    A.M. Rosenthal edited it. |A.J. Liebling wrote it.
    S. Korea and N. Korea met. |W. Virginia watched.
""")
def test_initials_belong_to_the_name(marked: str) -> None:
    assert bars(marked) == marked


@cases("""
    The U.S. President spoke first. |China answered.
    He has lived in the U.S. since 2001. |He likes it.
    Troops left the U.S. |They returned in May.
    The army trained in the U.S. |In January it left.
    A U.S. Army helicopter crashed near a U.N. base.
    The U.S. Supreme Court ruled. |The U.K. Parliament did not.
    He was born in Washington, D.C. |His mother taught there.
    She holds a Ph.D. from Yale and an M.B.A. from Duke.
    He earned his Ph.D. |Then he drove a taxi.
    The U.N. Security Council met. |So did the E.U. |The minister said so.
    It flew from the U.A.E. to the U.S.S.R. without a stop.
    Rome fell in 476 A.D. |The east lived on.
    The U.S.-led coalition struck. |U.S. officials confirmed it.
    U.S. stocks rose. |U.S. Treasury yields fell.
    Exports to the U.S. rose. |Imports from the U.S. and the U.K. fell.
    President Donald Trump met Xi Jinping in the U.S. |The White House said so.
    U.S. In Talks With Iran
    Why the U.S. Is Losing the Race
""")
def test_acronyms_with_stops_end_a_sentence_only_when_the_next_word_begins_one(marked: str) -> None:
    assert bars(marked) == marked


@cases("""
    Apple Inc. said sales rose. |Shares fell.
    He joined Apple Inc. |The company was small.
    Acme Corp. Chairman Lee Ford quit. |Nobody knew why.
    They sold it to Pitt, Briggs & Co. |It closed in May.
    They sold it to Pitt, Briggs & Co. at noon.
    Tata Motors Ltd. and Ford Motor Co. agreed. |Shares rose.
    Warner Bros. Pictures paid for it. |Marvel did not.
    Google bought it from Nest Inc. |Microsoft said it had bid too.
    Martin Luther King Jr. Day is a holiday.
    He marched with Martin Luther King Jr. |The march was long.
    The suit names Exxon Mobil Corp. and its Esso unit.
    Analysts at Baird & Co. Inc. disagreed.
    He works for Acme Inc. of Mountain View, Calif.
    Yahoo! said it would sell. |Yahoo! News will stay.
    She saw “Oklahoma!” on Broadway. |It closed in June.
""")
def test_companies_and_names_that_end_in_a_mark(marked: str) -> None:
    assert bars(marked) == marked


@cases("""
    The talks began on Jan. 6 in Oslo. |They ended on Feb. 1.
    It opened in Sept. 2001. |It closed in Oct.
    He was charged in Dec. |Smith pleaded not guilty.
    On Mon. Sept. 4 the shops close.
    The attack of Sept. 11 changed that. |Oct. 7 changed it again.
    It begins at 5 p.m. Monday. |Doors open at 4 p.m.
    It ended at 5 p.m. |He went home.
    The quake struck at 3:15 a.m. local time. |No one was hurt.
    At 5 a.m. Mr. Smith went to the bank.
    He left the bank at 6 P.M. |Mr. Smith then went home.
    Polls close at 8 p.m. EST. |Results come at 9 p.m. ET.
    The sun. |Harry stepped out.
    It was in The Sun. |Murdoch owns it.
    He came at 10 a.m. and left at noon.
    By 9 p.m. Friday all 12 had left. |By 10 p.m. Williams had gone.
    The race starts at 2 p.m. Aug. 3 in Lima.
    The quake hit at 4:35 a.m. (0835 GMT). |No one died.
    It closed at 4 p.m. |(It was the last day.)
""")
def test_months_days_and_hours(marked: str) -> None:
    assert bars(marked) == marked


@cases("""
    He lives at No. 10 Downing Street. |She lives at No. 11.
    See p. 55 and pp. 60-62. |Fig. 3 shows it.
    Did he agree? |No. |He refused.
    The ruling cites art. 5 of the pact. |It is binding.
    It is called art. |Also, it is expensive.
    The No. 2 Republican voted no. |The No. 1 seed lost.
    Under Sec. 230 they are immune. |Vol. 2 says so.
    You can find it at N°. 1026.253.553. |That is where the treasure is.
    In Roe v. Wade the court split. |In Brown v. Board it did not.
    It was Real Madrid vs. Barcelona again. |Madrid won.
    Some cities, e.g. Paris, i.e. the capital, agreed.
    They sold food, tents, etc. |The army bought it.
    Kim et al. found no link. |Park et al. did.
    The firm (est. 1990) is based on 5th Ave. |It has 40 staff.
    Goode (b. August 1980) is an actor. |He lives in Sussex.
    See Art. IV and Vol. II. |Fig. B shows it.
    Rs. 500 crore was paid. |The rest was not.
    Maj. Gen. (ret.) Amos Yadlin agreed. |Brig. (retd.) Khan did not.
    The box weighs 40 lbs. |It is made of oak.
""")
def test_numbered_things_and_latin(marked: str) -> None:
    assert bars(marked) == marked


@cases("""
    St. Louis beat St. Paul. |Mt. Everest is higher than Mt. Fuji.
    Ft. Worth grew. |Port St. Lucie did not.
    St. Michael's Church is on 5th st. near the light.
    The house on Elm St. |The owner left.
    The fire began in Fresno, Calif. |The wind spread it.
    The fire began in Fresno, Calif. |Police closed the road.
    Springfield, Ill., and Gary, Ind., were hit. |Ohio was spared.
    He was ill. |She was not.
    N.J. Gov. Chris Hale met N.Y. Mayor Ed Ross.
    The N.Y. Times reported it. |The Post did not.
    He moved to Boston, Mass. |In 1990 he moved back.
    Sunset Blvd. was closed. |Wilshire Blvd. stayed open.
    He stood 6 ft. tall. |He weighed 90 kg.
""")
def test_places_and_measures(marked: str) -> None:
    assert bars(marked) == marked


@cases("""
    WASHINGTON (AP) — The president signed the bill. |It takes effect in May.
    PARIS, Jan. 6 (Reuters) - French police raided a flat. |They found nothing.
    ST. LOUIS (AP) — A man was shot. |He survived.
    BATON ROUGE, La. — The governor quit. |His deputy took over.
    WASHINGTON, D.C. — Congress left town. |The budget waits.
    (CNN) -- The storm hit Miami. |It moved north.
    TEHRAN (FNA)- Iran's commander said so. |He left.
    St. Louis police chief quits
    Storm Kills 12 in U.S. and Canada
    LOS ANGELES, Calif. (Xinhua) -- A quake shook the city.
    NEW YORK, Oct. 21, 2013 — Stocks rose. |Bonds fell.
    U.S. TO SEND TROOPS TO U.K. BASES
    MR. SMITH GOES TO WASHINGTON
    By J. D. Vance and Mary Lou St. John
""")
def test_datelines_headlines_and_bylines_belong_to_their_sentence(marked: str) -> None:
    assert bars(marked) == marked


@cases("""
    “We won,” he said. |“They lost.”
    "We won." he said.
    “Who knew?” he asked. |Nobody answered.
    “Who knew?” Smith asked. |Nobody answered.
    “Never again!” shouted the crowd. |Then it left.
    “Why now?” Sen. Ann Lee asked on Monday. |No one knew.
    “We won. |It was hard. |We are tired,” he said.
    “We won.” |The crowd cheered.
    “We won,” said Mr. Lee, who is 54. |“It was close.”
    He called it “a mistake.” |She called it “a crime!” |Nobody laughed.
    She turned to him, 'This is great.' she said.
    She turned to him, "This is great." |She held the book out to show him.
    «Nous avons gagné.» |Il est parti.
    « Nous avons gagné. » |Il est parti.
    „Wir haben gewonnen.“ |Er ging nach Hause.
    ‘I saw it.’ |The man paused.
    “It is over.” |“No,” she said, “it is not.”
    "Is it over?" |"No," she said.
    He said: “It is over. |We lost.” |Then he left.
    “I don't know,” he said. |“Nobody does.”
    The sign read “Stop!” and he stopped.
    He asked “Why?” and left. |She stayed.
    The so-called “Dr. Death” was tried. |He lost.
    “What is he hiding?” the senator said. |“We will find out.”
    “I was in the U.S.,” he said. |“It was cold.”
    “I hate it!” I cried. |He laughed.
    “It's ‘fine.’” |He smiled.
    "Get out!" Jones told him. |He left.
    “Really?” |Smith said he did not believe it.
    “Lock her up!” |The crowd chanted for an hour.
""")
def test_quotes_stay_with_their_sentence_and_with_who_spoke(marked: str) -> None:
    assert bars(marked) == marked


@cases("""
    President Donald J. Trump met Gov. Greg Abbott, R-Texas, in Palm Beach, Fla., on Jan. 6. |“It was great,” he said.
    The firm, based in Cambridge, Mass., lost $4.2 million, or 12 cents a share. |Analysts expected 15 cents.
    Smith, 45, was held at 11:30 p.m. Thursday near Main St. and 5th Ave. |He was freed at 2 a.m. |Bail was $5,000.
    Justice Samuel A. Alito Jr. wrote for the court in Dobbs v. Jackson. |Justice Breyer dissented.
    “This is an outrage,” Sen. Chuck Schumer (D-N.Y.) said. |“We will fight it.”
    E. coli was found. |Officials at the F.D.A. said it came from Yuma, Ariz. |They are looking.
    “No comment.” |That was all the U.S. ambassador would say.
    Mr. Xi and Gen. Li left at 3 p.m. |Gen. Li returned at 5 p.m. |The others did not.
    Gen. Qassem Soleimani, head of the I.R.G.C. Quds Force, was killed on Jan. 3. |Iran vowed revenge.
    Lt. Gov. Dan Forest and Atty. Gen. Josh Stein met in Raleigh, N.C. |They talked.
    The case is U.S. v. Smith, No. 12-345. |It is pending.
    Michigan St. beat Ohio St. 35-21. |Penn St. lost.
    Copyright 2013 The Associated Press. |All rights reserved.
    (Reporting by John A. Smith in Washington, D.C.; editing by Jane Doe)
    The Dow lost 1.2 pct. |The S&P 500 was flat.
    The 5 p.m. EDT advisory said Maria had winds of 175 mph. |It was moving west.
    He died in World War II. |His brother did not.
    Company X Inc. (NYSE: X) rose. |Y Corp. (Nasdaq: Y) fell.
    He studied at U.C.L.A. |Later he taught at M.I.T. |He retired at 70.
    Mr. B. (not his real name) agreed. |He fled.
    Sen. John McCain (R., Ariz.) said no. |Sen. Carl Levin (D., Mich.) said yes.
    He starred in “E.T. the Extra-Terrestrial” and “L.A. Confidential.” |Both won.
    Amb. John R. Bolton spoke. |U.S. Amb. Nikki Haley listened.
    “They can’t — they won’t — do it,” he said. |“Never.”
    The crash killed Capt. John A. "Jack" Brown, 34, of Mt. Vernon, Wash. |He had two children.
    The ruling came in Brown v. Board of Ed. |Thurgood Marshall argued it.
    Sen. Bernie Sanders, I-Vt., and Sen. Susan Collins, R-Maine, voted yes. |Sen. Mitt Romney, R-Utah, did not.
    He joined Facebook Inc. in 2008. |He left Twitter Inc. before its I.P.O. |It flopped.
    He lives in L.A. |She lives in N.Y. |They meet in D.C.
    "What a day!" coach Bill Belichick said. |He smiled.
    U.S. and U.K. officials met. |The U.S. Africa Command did not.
    The statement read: "We regret the error. |It won't happen again." |It was unsigned.
""")
def test_sentences_as_news_has_them(marked: str) -> None:
    assert bars(marked) == marked


@cases("""
    He teaches science (He worked for 5 years as an engineer.) at the local university.
    The deal (the first since 1990) holds. |(It may not last.) |Then we will see.
    It failed (again!). |Nobody cared.
    The group (ISIS, formerly I.S. in Iraq) took the town.
    He died in 2001 (age 80). |She died in 2004.
    The law [passed in May] stands. |[It may fall.]
    The plan (Who made it? Nobody knows.) failed. |It was costly.
    (The plan failed. |It was costly.) |He left.
    "Bohr [...] used the analogy of parallel stairways [...]" (Smith 55).
    “He [Mr. Lee] lied,” she said. |He denied it.
    He left (see p. 5). |She stayed.
    The firm grew (Ford Motor Co. did not). |It hired.
""")
def test_brackets(marked: str) -> None:
    assert bars(marked) == marked


@cases("""
    The city fell in 1453.[17] |The walls remain.
    The city fell in 1453. [17] |The walls remain.
    Kim et al. [12] found it. |See Kim et al. [12]. |The rest is known.
    He stopped there. [...] |Much later he went on.
    The walls fell.[3][4] |They were rebuilt.[citation needed] |Then they fell again.
    The walls fell. [3] [4] |They were rebuilt. [citation needed] |Then they fell again.
    He called it “a farce.”[2] |She agreed.
    It fell.¹ |It rose.² |It fell again.*
    Rights were protected. 4 |Even though the law changed.
    The paper said so.12 |The minister denied it.
""")
def test_footnote_marks_belong_to_the_sentence_before(marked: str) -> None:
    assert bars(marked) == marked


@cases("""
    I never meant that.... |She left the store.
    He paused... |Then he spoke.
    He paused ... and spoke.
    “... And justice for all,” he read.
    “Well… I guess so,” she said. |“Who cares?”
    He waited… |Nobody came.
    Well… maybe not. |Yes.
    “I thought …” he said. |Then he stopped.
    We have to... to leave.
    ...and so it ended. |The crowd left.
    I wasn’t really ... well, what I mean...see . . . what I'm saying, the thing is . . . I didn’t mean it.
    If words are left out at the end, use a period . . . . |Next sentence.
    He won...|The crowd cheered.
""")
def test_ellipses(marked: str) -> None:
    assert bars(marked) == marked


@cases("""
    Visit https://www.example.50.com/new-site/page.html. |Then write.
    Her email is Jane.Doe@example.com. |I sent her one.
    The site Example.com. was down. |It is back.
    Go to www.example.org/a.b?c=D.E! |Now.
    He runs Node.js 18.2.1 on .NET. |It works.
    The hashtag #MeToo grew. |@jack quit. |$TSLA fell.
    The price is 1.5 million. |Version 2.0 costs more.
    Write to a.b.c@d.co.uk or call 555.123.4567. |Ask for Bo.
    He spoke on CNN.com. |The clip spread.
""")
def test_addresses_and_numbers_hold_together(marked: str) -> None:
    assert bars(marked) == marked


@cases("""
    We won tonight! 🎉 |See you tomorrow.
    We won tonight!🎉🎉 |See you tomorrow.
    We won 🎉 |The party is on.
    Thanks. 👩‍🚀 |Next stop Mars.
    Thanks. ❤️ |We love you.
    Great! :) |you get a good view.
    The 🐐 Messi scored.
    So proud of you! 🇺🇸 🇺🇸 |God bless.
""")
def test_an_emoji_belongs_to_the_sentence_before(marked: str) -> None:
    assert bars(marked) == marked


@cases("""
    i was there. |it was great. |we left.
    where did you grow up? |india?
    debkafile's sources agreed. |iPhone sales fell.
    He bought an iPad. |iPhone sales fell.
    They fled Syria. |al-Qaida stayed.
    The group approx. 40 strong left.
    The dept. of health said so. |The govt. did not.
""")
def test_writing_without_capitals(marked: str) -> None:
    assert bars(marked) == marked


@cases("""
    Q. Where were you? |A. At home. |Q. Alone? |A. Yes.
    Q: Where were you? |A: At home.
    THE COURT: Is that right? |MR. LEE: It is, Your Honor.
    1. Signing the accord will help. |It did.
    a. He signed. |She did not.
    IV. The War
    1. The first item |2. The second item
    1) The first item |2) The second item
    1.) The first item. |2.) The second item.
    (1) The first item; |(2) The second item
    a. The first item |b. The second item |c. The third item
    • 9. The first item |• 10. The second item
    ⁃9. The first item |⁃10. The second item
    • Flour and salt |• Water. |Boil it. |• Yeast
    1. In row 2. we sat |2. The rest stood
""")
def test_list_items_and_transcripts_keep_their_markers(marked: str) -> None:
    assert bars(marked) == marked


@cases("""
    今日は晴れです。|明日は雨です。
    「行きます。」|彼は言った。
    你好！|你是谁？|我是李！？|再见。
    هل وصل الوفد؟ |نعم وصل.
    وصل الوفد أمس. |بدأت المحادثات.
    वह आया। |फिर चला गया।
    ¿Quién ganó? |¡Nadie lo sabe! |Fin.
    Hola. |¿qué tal? |¡bien!
    Он пришёл. |Она ушла.
    Ήρθε χθες. |Έφυγε σήμερα.
    Ils ont gagné ! |Nous avons perdu.
""")
def test_marks_of_other_scripts(marked: str) -> None:
    assert bars(marked) == marked


@cases("""
    He left.\u00a0|She stayed.
    Gen.\u00a0Lee left. |No.\u00a010 stayed.
    He left.\u200b |She stayed.
    He left.\u200b|She stayed.
    See www.\u200bexample.\u200bcom now. |It is back.
    He left.\u2003|She stayed.
    He left.\u00ad |She stayed.
    He waited\x85 |Then he left.
    He waited\x85 and left.
    \x93We won.\x94 |He smiled.
    \x95 Flour |\x95 Salt
    It\x92s over. |\x91Fine,\x92 he said.
    He\u200d left.\ufeff |She stayed.
    He said so.|The minister agreed. |Nobody else did.
    “We won.”|He smiled. |Then he left.
""")
def test_odd_spaces_and_characters(marked: str) -> None:
    assert bars(marked) == marked


@cases("""
    We will fight on. [...] |The war is over.
    We will fight [...] |The war is over.
    He said [...] President Obama was there.
    A crater on Mars… |Image: Twitter / NASA. |It is new.
    Read more here. (https://example.com/a?b=c) |The next one is late.
    Prime Min. Modi spoke. |He left at 5 min. to ten.
    The consumer group Which? Money said so. |He agreed.
    He reads Which? |The magazine is old.
    R. A. Smith wrote it. |He knows.
""")
def test_what_is_left_out_or_put_between_ends_a_sentence_only_where_one_begins(marked: str) -> None:
    assert bars(marked) == marked


@cases("""
    He left.&nbsp;|She stayed.
    &ldquo;We won.&rdquo; |He left. |&quot;We lost.&quot; |She stayed.
    AT&amp;T fell. |It rose &hellip; |The end.
    U.S.&nbsp;Sen. Ann Lee spoke. |She sat down.
""")
def test_signs_written_as_html_has_them_are_read_as_those_signs(marked: str) -> None:
    assert bars(marked) == marked
