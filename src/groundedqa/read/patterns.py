"""The default patterns of a question page.

They are data, not code: a site whose pages say it otherwise adds its own in ``site.toml``. A
pattern stands here when it holds on homework-help sites at large, and never for one page alone.
All are tried against a whole line of at most 300 characters, whatever the case, unless said so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable


def any_of(choices: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all, to be tried against a line in lower case.

    Not re.IGNORECASE: without it the engine skips a choice by its first letter, and a page of a
    hundred thousand lines is read in a second and not in ten.
    """
    return re.compile("|".join(f"(?:{choice})" for choice in choices))


SITE_NAME = r"e-?notes(?:\.com)?"

_COUNT = r"(?:\(?\d{1,4}\)?|one|two|three|four|five|several|all)"
_ANSWER = r"(?:answers?|responses?|solutions?|replies)"
_WHO = (
    r"(?:experts?|educators?|teachers?|tutors?|verified|community|students?|best|top|accepted|"
    r"editorial|editors?|staff|official|selected|users?|quick|detailed|professional|members?|"
    r"chosen|asker'?s|recommended|other|more|additional)"
)
_COUNTED = r"(?:\s*[(#]?\d{1,4}\)?(?:\s+of\s+\d+)?)?"
_TRAIL = r"\s*:?(?:\s*(?:info|\|?\s*add yours))?"

# Who answers is named: such a line is an answer heading wherever it stands.
NAMED_HEADINGS = (
    rf"(?:{_COUNT}\s+)?{_WHO}(?:[ -]+{_WHO})?(?:['’]s?)?\s+{_ANSWER}(?:\s+by)?{_COUNTED}"
    rf"(?:\s+-\s.{{1,30}})?{_TRAIL}",
    rf"{_COUNT}\s+{_ANSWER}{_TRAIL}",
    rf"{_ANSWER}\s*\(?#?\d{{1,4}}\)?(?:\s+of\s+\d+)?{_TRAIL}",
    rf"{_ANSWER}\s+(?:and|&)\s+explanations?\s*:?{_COUNTED}{_TRAIL}",
    rf"(?:our|the)\s+(?:{_WHO}\s+){_ANSWER}{_TRAIL}",
    r"(?:answered|solved|explained) by (?:an?|our|verified) (?:verified )?(?:expert|tutor|"
    r"teacher)s?",
)
# How many there are: above answers, and in a list of other questions beside each of them.
COUNTED_HEADING = rf"{_COUNT}\s.+"
# Within an answer these are sub-headings as well: a solution ends with "Answer".
BARE_HEADINGS = (
    rf"(?:(?:our|the)\s+)?{_ANSWER}\s*:?",
    rf"{_WHO}['’]? comments{_COUNTED}\s*:?",
)

ANSWER_HEADINGS = NAMED_HEADINGS + BARE_HEADINGS

# A line with a bar or with the site's own name for its writers; byline.py reads the other forms.
BYLINES = (
    # rrteacher eNotes educator| Certified Educator
    r"(?P<author>[^\s|,:]{2,40}(?: [^\s|,:]{1,30}){0,3}?),? "
    r"(?P<role>e-?notes (?:educator|editor|contributor|teacher))(?:\s*\|\s*(?P<credential>[^|"
    r"]{3,80}))?",
)

_DAY = (
    r"(?:(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?"
    r"(?:(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,7}\.? \d{1,2}"
    r"(?:st|nd|rd|th)?(?:,? ['’]?\d{2,4})?|\d{1,2} (?:jan|feb|mar|apr|may|june?|july?|aug|sept?|"
    r"oct|nov|dec)[a-z]{0,7}\.?,? \d{4}|\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4})"
    r"(?:,? (?:at )?\d{1,2}:\d\d(?::\d\d)? ?(?:[ap]\.?m\.?)?(?: \(?[a-z]{3,4}\)?)?)?)"
)
_AGO = (
    r"(?:(?:about |over |almost |more than )?(?:an?|\d+)\+? ?(?:seconds?|sec|minutes?|mins?|"
    r"hours?|hrs?|"
    r"days?|weeks?|months?|mo|years?|yrs?|decades?|[smhdwy])(?:,? \d+ \w+)? ago|yesterday|"
    r"just now)"
)
# When something was posted; byline.py takes it off the end of a byline.
WHEN = rf"(?:{_DAY}|{_AGO})"
_DONE = (
    r"(?:posted|asked|answered|replied|updated|edited|modified|published|reviewed|submitted|"
    r"viewed)"
)
_COUNT_OF = (
    r"(?:likes?|dislikes?|votes?|views?|shares?|upvotes?|downvotes?|ratings?|reviews?|thanks|"
    r"followers?|people helped|people found this helpful|helpful votes|points?|pts|reads?|"
    r"bookmarks?|comments?|repl(?:y|ies)|answers?|questions? answered|badges?)"
)
_NUMBER = r"[\d.,]+ ?[km]?\+?"

# What tells when, how often and how well something was posted.
COUNTS = (
    rf"\W{{0,6}}(?:(?:last|first|latest|originally|date) )?(?:(?:answer|question|reply) )?{_DONE}"
    rf"(?: by .{{1,40}}?)?(?: on| at| in|:| •| ·)* {WHEN}\W*",
    rf"\W{{0,6}}(?:{WHEN}\W*){{1,2}}",
    rf"\W{{0,6}}(?:(?:asked|posted|question) by|asked on|updated:|(?:last|"
    rf"originally) {_DONE} by) .{{1,80}}",
    rf"(?:last )?{_DONE} (?:on )?{WHEN},? by .{{1,80}}|word count:? [\d,]+",
    rf"(?:viewed|used|read|rated|shared) {_NUMBER} times",
    rf"\W{{0,6}}{_NUMBER} {_COUNT_OF}(?:\W+{_NUMBER} {_COUNT_OF}){{0,4}}\W*",
    rf"\W{{0,6}}(?:{_COUNT_OF}|(?:not )?helpful|upvoted|voted)(?:\W+(?:{_COUNT_OF}|{_NUMBER}|yes|"
    rf"no|(?:not )?helpful)){{1,8}}\W*",
    r"\d{1,3} ?% ?\(\d[\d,]* (?:ratings?|votes?|reviews?)\)",
    r"(?:tutor |rated |rating:? |average )?\d\.\d+(?: ?/ ?5(?:\.0)?)? ?(?:\([\d,]+\s?\w*\)|"
    r"stars?)",
    r"sort(?:ed)? by:?.{0,40}|lv\.? ?\d+|level \d+|\W*upvoted by .{1,60}|all related \(\d+\)",
    r"(?:\W*(?:answered|verified|expert verified|expert-verified|solved|accepted)){2,3}\W*",
    r"(?:comments?|repl(?:y|ies)|likes?|votes?)\W*\d*\W*",
    r"best answers?:? \d+ ?%?",
    # What stands under a writer's name; a word glued to its front is the name of an icon.
    r"(?:calendar|person|school)? ?(?:[\w.]+ ){0,2}?(?:educator|member|teacher|tutor|expert|"
    r"joined) since:? (?:[a-z]{3,9}\.? )?\d{4}",
    r"(?:write|edit|create|chat)(?:[\d,]+| [\d,]{3,}) (?:answers|posts|questions)",
    r"(?:star)?top subjects? ?(?:are|is|:) ?.{1,120}",
)

# Never content, whoever wrote it.
_FURNITURE = (
    r"[\s|·•∙>›»<«☰×✕✖★☆▲▼△▽↑↓←—–_+-]{1,9}",
    r"\W{0,6}(?:advertisements?|sponsored(?: content)?|ads? by .{1,30}|promoted|"
    r"remove ads.{0,30})\W*",
    r"\W{0,6}(?:©|\(c\)|copyright\b ?(?:©|\(c\)|\d)).{0,160}",
    r".{0,80}\ball rights reserved.{0,80}",
    r"(?=.{0,250}(?:we|this (?:web)?site|our)\b).{0,120}\b(?:uses? cookies|cookies? (?:policy|"
    r"settings|"
    r"to (?:ensure|improve|give|personali[sz]e)))\b.{0,180}",
    r"(?:accept|manage|reject|allow)(?: all| only)?(?: (?:optional|necessary|essential))?"
    r" cookies.{0,20}|cookie (?:policy|settings|preferences)|by (?:using|continuing).{1,80}"
    r"(?:cookies|terms|privacy).{0,80}|got it!|skip to .{1,30}|(?:☰|≡) ?menu|back to (?:top|"
    r"results?)",
    r"(?:terms|privacy|legal|contact|help|about|careers|cookie|site ?map|faqs?|honor code|press|"
    r"copyright|jobs|blog|accessibility|do not sell)(?: (?:of|and|&|us|policy|center|centre|use|"
    r"service|conditions|statement|my|info|information)){0,3}"
    r"(?:\W+(?:terms|privacy|legal|contact|help|about|careers|cookie|site ?map|faqs?|press|blog|"
    r"jobs|do not sell|honor|code|of|and|us|policy|center|centre|use|service|conditions|my|"
    r"personal|information|settings|accessibility)){1,12}\W*",
    r"\W{0,6}(?:print|cite|share|link|save|report|flag|like|dislike|follow|bookmark|comment|reply|"
    r"e-?mail|pdf|upvote|downvote|copy|edit|helpful|star|tweet|pin|facebook|twitter|whatsapp|"
    r"pinterest|reddit|linkedin|share link|yes|no)(?: (?:this )?(?:page|link|answer|question|"
    r"document))?(?:[\W\d]+(?:print|cite|share|link|save|report|flag|like|dislike|follow|bookmark|"
    r"comments?|reply|e-?mail|pdf|upvote|downvote|copy|edit|helpful|not helpful|star|tweet|pin|"
    r"facebook|twitter|whatsapp|pinterest|reddit|linkedin|no)"
    r"(?: (?:this )?(?:page|link|answer|question))?){1,8}[\W\d]*",
    r"\W{0,6}(?:print|cite|share|save|report|flag|like|bookmark|rate|follow|edit|copy|pin|e-?mail)"
    r" (?:this(?: (?:page|answer|question|article|link|entry|post|solution))?|link|page|answer|"
    r"on (?:facebook|twitter|x|pinterest|linkedin|reddit|whatsapp)|via \w+)"
    r"(?: (?:on|via|with|to|as|in|by) .{1,30})?\W*",
    r"(?:was|did|is|has|do)(?: you (?:find|like))? th(?:is|e) (?:answer|page|solution|explanation|"
    r"response|"
    r"information|article)?(?: was)? ?(?:helpful|useful|clear|help|answer|correct|"
    r"solve).{0,30}\?.{0,20}",
    r"(?:how (?:helpful|useful|satisfied|would you rate)|rate this|"
    r"what did you think of this)\b.{0,50}",
    r"this answer (?:is|was)(?: (?:helpful|not helpful))?:?|(?:helpful|not helpful|"
    r"unhelpful)(?:\W*\d+)?",
    r"(?:this (?:answer|page|article) (?:was|is|has been) )?(?:last )?(?:approved|reviewed|edited|"
    r"updated|fact[- ]checked|verified) by (?:the )?(?:our )?[\w.]+ (?:editorial|editors?|staff|"
    rf"team|experts?|educators?)(?: (?:team|staff|board))?(?: on {WHEN})?\W*",
    r"(?:(?:this|the) )?(?:full |complete )?(?:answer|solution|page|content)(?: is)? (?:only )?"
    r"(?:available|visible) (?:only )?(?:to|for) .{0,20}\b(?:members|subscribers|users)\b.{0,20}",
    r"(?=.{0,100}unlock).{0,60}\bunlock (?:this|the (?:full|whole|rest of (?:this|the))) "
    r"(?:answer|solution|page|document|question)\b.{0,60}",
    r"(?:(?:only|premium|plus|paying|registered) )+(?:members|subscribers|users) (?:can )?(?:see|"
    r"read|view|have|get)\b.{0,60}\b(?:answers?|solutions?|pages?)\b.{0,60}",
    r"(?:add (?:a |your )?(?:comment|answer|reply|yours?)|leave a (?:comment|reply)|write (?:your|"
    r"an?) "
    r"(?:answer|comment)|post (?:a |your )?(?:answer|comment|reply)|ask (?:your|another|a new)"
    r"(?: own)? question)(?: (?:here|now|today|below|for free|(?:to|and) .{1,30}))?\W*",
    r"profile (?:photo|picture|image) of .{1,60}",
    r"this answer has been confirmed as .{1,40}|learn this topic by watching\W*",
    r"this (?:problem|question) has been (?:solved|answered)\W*|not the (?:exact )?(?:question|"
    r"answer)"
    r" (?:you|you['’]re) .{1,40}",
    r"(?:previous|next) (?:question|answer)\W*|see (?:all )?(?:\d+ )?answers?\W*(?:\d+)?|"
    r"see all\W*\d*",
    rf"{SITE_NAME}(?:[’']s?)?(?: (?:homework|help|editorial|study|guides?|plus|lessons?|plans?|"
    r"team|staff|teachers?|resources|home|blog|app|summary|q&a)){0,3}|loading\W*",
    rf".{{0,200}}\b{SITE_NAME}(?: \w+)?,.{{0,120}}\baccessed \d.{{0,40}}",
    r"\(?the (?:entire|full|complete) (?:section|page|answer|document|essay) contains .{1,60}",
    r"image \(?\d+ of \d+\)?|this image has been flagged\b.{0,60}",
)

# Lines above the answers that are not the question.
QUESTION_LABELS = (
    r"(?:the\s+)?questions?(?:\s*#?\d+)?(?:\s+details)?\s*:?",
    r"(?:asked|posted|details|category|subject|tags?|topics?|updated?|edited|edit|subjects|"
    r"grade)\b:.{0,200}",
    r"(?:home|homework(?: help)?|q\s*&\s*a|questions?\s*(?:&|and)\s*answers?|study (?:guides?|"
    r"tools)|lit(?:erature)?|subjects)(?:\s*[>/»›|].{0,200})?",
    r"[^\W\d][^>»›/?=]{0,50}(?:\s[>»›/]\s[^\W\d][^>»›/?=]{0,60}){1,6}\??",
)

CHROME = _FURNITURE + COUNTS

ROLE_WORD = (
    r"(?:educators?|teachers?|tutors?|experts?|professors?|lecturers?|instructors?|editors?|"
    r"contributors?|"
    r"specialists?|mentors?|scholars?|moderators?|librarians?|students?|emeritus|coach|researcher|"
    r"historian|mathematician|physicist|chemist|biologist|engineer|economist|scientist|"
    r"graduate|advisor|consultant|writer|author|helper|attorney|nurse|academic)"
)
# What a credential starts with; a role without one of these is only a role beside a credential.
RANK = (
    r"(?:certified|verified|licensed|accredited|qualified|professional|associate|assistant|"
    r"adjunct|senior|"
    r"distinguished|expert|top|master|lead|retired|former|community|subject[- ]matter|"
    r"\(?level \d+\)?|college|university|high school|middle school|elementary(?: school)?)"
)
DEGREE = (
    r"(?:ph\.? ?d|d\.?phil|m\.?phil|m\.?a|m\.?s|m\.?sc|m\.?ed|m\.?b\.?a|m\.?f\.?a|ed\.? ?d|b\.?a|"
    r"b\.?s|b\.?sc|b\.?ed|m\.?d|j\.?d|"
    r"r\.?n|m\.?eng|b\.?eng|ll\.?[bm]|cpa|psy\.?d|bachelor(?:['’]?s)?|master(?:['’]?s)?|"
    r"doctor(?:ate)?|doctoral)"
)
