"""The default patterns of a question page.

They are data, not code: a site whose pages say it otherwise adds its own in ``site.toml``. A
pattern stands here when it holds on homework-help sites at large, and never for one page alone.
All are tried against a whole line of at most 300 characters, whatever the case, unless said so.
"""

from __future__ import annotations

_COUNT = r"(?:\(?\d{1,4}\)?|one|two|three|four|five|several|all)"
_ANSWER = r"(?:answers?|responses?|solutions?|replies|reply)"
_WHO = (
    r"(?:experts?|educators?|teachers?|tutors?|verified|community|students?|best|top|accepted|"
    r"editorial|editors?|staff|official|selected|users?|quick|detailed|professional|members?|"
    r"chosen|asker'?s|recommended|other|more|additional)"
)
_COUNTED = r"(?:\s*[(#]?\d{1,4}\)?(?:\s+of\s+\d+)?)?"
_TRAIL = r"\s*:?(?:\s*(?:info|\|?\s*add yours))?"

# Who answers is named: such a line is an answer heading wherever it stands.
NAMED_HEADINGS = (
    rf"(?:{_COUNT}\s+)?{_WHO}(?:[ -]+{_WHO})?(?:['’]s?)?\s+{_ANSWER}(?:\s+by)?{_COUNTED}{_TRAIL}",
    rf"{_COUNT}\s+{_ANSWER}{_TRAIL}",
    rf"{_ANSWER}\s*\(?#?\d{{1,4}}\)?(?:\s+of\s+\d+)?{_TRAIL}",
    rf"{_ANSWER}\s+(?:and|&)\s+explanations?\s*:?{_COUNTED}{_TRAIL}",
    rf"(?:our|the)\s+(?:{_WHO}\s+){_ANSWER}{_TRAIL}",
    r"(?:answered|solved|explained) by (?:an?|our|verified) (?:verified )?(?:expert|tutor|teacher)s?",
)
# Within an answer these are sub-headings as well: a solution ends with "Answer".
BARE_HEADINGS = (rf"(?:(?:our|the)\s+)?{_ANSWER}\s*:?",)

ANSWER_HEADINGS = NAMED_HEADINGS + BARE_HEADINGS

# A line with a bar or with the site's own name for its writers; byline.py reads the other forms.
BYLINES = (
    # rrteacher eNotes educator| Certified Educator
    r"(?P<author>[^\s|,:]{2,40}(?: [^\s|,:]{1,30}){0,3}?),? "
    r"(?P<role>e?notes (?:educator|editor|contributor|teacher))(?:\s*\|\s*(?P<credential>[^|]{3,80}))?",
)

_DAY = (
    r"(?:(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?"
    r"(?:(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,7}\.? \d{1,2}"
    r"(?:st|nd|rd|th)?(?:,? ['’]?\d{2,4})?|\d{1,2} (?:jan|feb|mar|apr|may|june?|july?|aug|sept?|"
    r"oct|nov|dec)[a-z]{0,7}\.?,? \d{4}|\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4})"
    r"(?:,? (?:at )?\d{1,2}:\d\d(?::\d\d)? ?(?:[ap]\.?m\.?)?(?: \(?[a-z]{3,4}\)?)?)?)"
)
_AGO = (
    r"(?:(?:about |over |almost |more than )?(?:an?|\d+)\+? ?(?:seconds?|sec|minutes?|mins?|hours?|hrs?|"
    r"days?|weeks?|months?|mo|years?|yrs?|decades?|[smhdwy])(?:,? \d+ \w+)? ago|yesterday|just now)"
)
# When something was posted; byline.py takes it off the end of a byline.
WHEN = rf"(?:{_DAY}|{_AGO})"
_DONE = (
    r"(?:posted|asked|answered|replied|updated|edited|modified|published|reviewed|submitted|viewed)"
)
_COUNT_OF = (
    r"(?:likes?|dislikes?|votes?|views?|shares?|upvotes?|downvotes?|ratings?|reviews?|thanks|"
    r"followers?|people helped|people found this helpful|helpful votes|points?|pts|reads?|"
    r"bookmarks?|comments?|repl(?:y|ies)|answers?|questions? answered|badges?)"
)
_NUMBER = r"[\d.,]+ ?[km]?\+?"
_ITEM = r"[^\W\d_][\w'’&,+-]*(?: [\w'’&,+-]+){0,4}"

# What tells when, how often and how well something was posted.
COUNTS = (
    rf"\W{{0,6}}(?:(?:last|first|latest|originally|date) )?(?:(?:answer|question|reply) )?{_DONE}"
    rf"(?: by .{{1,40}}?)?(?: on| at| in|:| •| ·)* {WHEN}\W*",
    rf"\W{{0,6}}(?:{WHEN}\W*){{1,2}}",
    rf"\W{{0,6}}(?:(?:asked|posted|question) by|asked on|updated:|(?:last|originally) {_DONE} by) .{{1,80}}",
    rf"(?:last )?{_DONE} (?:on )?{WHEN},? by .{{1,80}}|word count:? [\d,]+",
    rf"(?:viewed|used|read|rated|shared) {_NUMBER} times",
    rf"\W{{0,6}}{_NUMBER} {_COUNT_OF}(?:\W+{_NUMBER} {_COUNT_OF}){{0,4}}\W*",
    rf"\W{{0,6}}(?:{_COUNT_OF}|(?:not )?helpful|upvoted|voted)(?:\W+(?:{_COUNT_OF}|{_NUMBER}|yes|no|(?:not )?helpful)){{1,8}}\W*",
    r"\d{1,3} ?% ?\(\d[\d,]* (?:ratings?|votes?|reviews?)\)",
    r"(?:tutor |rated |rating:? |average )?\d\.\d+(?: ?/ ?5(?:\.0)?)? ?(?:\([\d,]+\s?\w*\)|stars?)",
    r"sort(?:ed)? by:?.{0,40}|lv\.? ?\d+|level \d+|\W*upvoted by .{1,60}|all related \(\d+\)",
    r"(?:\W*(?:answered|verified|expert verified|expert-verified|solved|accepted)){2,3}\W*",
    r"(?:comments?|repl(?:y|ies)|likes?|votes?)\W*\d*\W*",
    r"best answers?:? \d+ ?%?",
)

_SITE_NOUN = (
    r"(?:answers?|questions?|experts?|tutors?|educators?|solutions?|homework|study|trial|accounts?|"
    r"premium|members?|membership|plans?|app|community|access|pro|plus|now|today|free|"
    r"explanations?|teachers?|textbooks?|flashcards?|grades?|lessons?|quiz(?:zes)?|google|"
    r"facebook|apple|email|library|summar(?:y|ies)|guides?|offer|pricing|deal|help|learning|courses?)"
)
# How an offer or a button begins: a verb that tells the reader what to do.
IMPERATIVE = (
    r"(?:start|begin|get|try|unlock|join|sign ?up|sign ?in|log ?in|subscribe|register|upgrade|"
    r"access|become|claim|create|download|ask|see|view|show|read|explore|browse|find|discover|"
    r"connect|continue|post|submit|add|write|search|take|buy|order|hire|chat|talk|go|boost|"
    r"improve|save|enjoy|learn|check|need|choose|stuck|want|looking|select|earn|give|gain|use|"
    r"click|tap|sign|stop|don['’]t|level|not|already|no|enter|receive|ace|master|book|meet|"
    r"speak|still|got|have|any|scan|snap|activate|redeem|open|hide|load|expand|rate|study)"
)

# Never content, whoever wrote it.
_FURNITURE = (
    r"[\s|·•∙>›»<«☰×✕✖★☆▲▼△▽↑↓←—–_+-]{1,9}",
    r"\W{0,6}(?:advertisements?|sponsored(?: content)?|ads? by .{1,30}|promoted|remove ads.{0,30})\W*",
    r"\W{0,6}(?:©|\(c\)|copyright\b ?(?:©|\(c\)|\d)).{0,160}",
    r".{0,80}\ball rights reserved.{0,80}",
    r"(?=.{0,250}(?:we|this (?:web)?site|our)\b).{0,120}\b(?:uses? cookies|cookies? (?:policy|settings|"
    r"to (?:ensure|improve|give|personali[sz]e)))\b.{0,180}",
    r"(?:accept|manage|reject|allow)(?: all| only)?(?: (?:optional|necessary|essential))?"
    r" cookies.{0,20}|cookie (?:policy|settings|preferences)|by (?:using|continuing).{1,80}"
    r"(?:cookies|terms|privacy).{0,80}|got it!|skip to .{1,30}|(?:☰|≡) ?menu|back to (?:top|results?)",
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
    r"(?:was|did|is|has|do)(?: you (?:find|like))? th(?:is|e) (?:answer|page|solution|explanation|response|"
    r"information|article)?(?: was)? ?(?:helpful|useful|clear|help|answer|correct|solve).{0,30}\?.{0,20}",
    r"(?:how (?:helpful|useful|satisfied|would you rate)|rate this|what did you think of this)\b.{0,50}",
    r"this answer (?:is|was)(?: (?:helpful|not helpful))?:?|(?:helpful|not helpful|unhelpful)(?:\W*\d+)?",
    r"(?:last )?(?:approved|reviewed|edited|fact[- ]checked|verified) by (?:the )?(?:our )?[\w.]+ "
    r"(?:editorial|editors?|staff|team|experts?|educators?)(?: (?:team|staff|board))?\W*",
    r"(?:add (?:a |your )?(?:comment|answer|reply|yours?)|leave a (?:comment|reply)|write (?:your|an?) "
    r"(?:answer|comment)|post (?:a |your )?(?:answer|comment|reply)|ask (?:your|another|a new)"
    r"(?: own)? question)(?: (?:here|now|today|below|for free|to .{1,30}))?\W*",
    r"this (?:problem|question) has been (?:solved|answered)\W*|not the (?:exact )?(?:question|answer)"
    r" (?:you|you['’]re) .{1,40}",
    r"(?:previous|next) (?:question|answer)\W*|see (?:all )?(?:\d+ )?answers?\W*(?:\d+)?|see all\W*\d*",
    r"e?notes (?:homework help|editorial)|loading\W*",
)

# One of these in a line that speaks to the reader makes it an offer.
OFFER = (
    r"free[- ]trial|(?:risk|hassle)-free|\d+[- ](?:day|hour|week|month)s?(?: free| risk-free)?[- ](?:trial|access|pass)|"
    r"(?:free|risk-free) for \d+ days|already (?:a|have|registered|subscrib)|not a member|no (?:credit card|thanks)\b|"
    r"cancel any ?time|free account|create (?:your|my) .{0,20}account|log ?in (?:here|now|with|or|to (?:see|view|reply|comment|answer|unlock|continue|ask|post|read|your))|sign ?(?:up|in) (?:now|here|free|for free|with|or|today|to (?:see|view|reply|comment|answer|unlock|continue|ask|post|read|access|get|your))|"
    r"(?:hundreds of thousands|tens of thousands|thousands|millions|over \d[\d,]*|\d[\d,.]*(?:k|m|\+| million\+?)?) (?:of )?(?:more )?(?:step-by-step |expert |verified |other |homework |textbook |study |q&a )*(?:answers|questions|solutions|study guides|explanations|summaries|q&a|guides|flashcards|tutors|experts|resources|topics)|"
    r"(?:unlimited|instant|full|complete|immediate) (?:access|explanations|answers|solutions|help|homework)|"
    r"(?:step-by-step|textbook|verified|expert|homework|study|detailed) (?:answers?|solutions?|help|explanations?|tools|questions|resources)\b|"
    r"(?:live|online|private|certified|verified|expert|qualified|vetted|professional|real|human) (?:tutors?|experts?|educators?|teachers?|writers?)\b|subject[- ]matter experts?|"
    r"our (?:\w+ )?(?:experts?|tutors?|educators?|teachers?|community|library|app|newsletter|team|platform|subscription|premium|members)\b|"
    r"unlock (?:this|the|all|your|more|every|full|unlimited|instant|access|it)|unlock\b.{0,40}\banswers?|"
    r"ad[- ]free|no ads|without ads|money[- ]back|24 ?/ ?7|better grades?|grades soar|higher grades|"
    r"we(?:['’]ve| have) answered|your own questions?\b|"
    r"(?:still|got|have|any|more|other|another|similar) (?:(?:a|more|any|another|other) )?questions?\b|looking for (?:help|more|an? answer|something)|"
    r"download (?:our|the|my)? ?(?:\w+ )?(?:app|pdf|answer|study guide)|mobile app|\bapp store|google play|"
    r"\d+ ?% off|\$\d+(?:\.\d\d)? ?(?:/|a|per) ?(?:mo|month|week|year|yr)|(?:go|try|get|with|to|become|upgrade) (?:\w+ )?(?:premium|plus|pro|a member)\b|"
    r"(?:subscribe|upgrade|join|register|enroll)(?: (?:us|for free|free))? (?:now|today|here|for free|to (?:unlock|see|read|view|continue|get|access|our|premium|plus|pro))|"
    r"\w+ (?:premium|plus|pro|membership)(?: (?:now|today|plan|member(?:ship)?))?\W*$|"
    r"(?:answer|question|page|solution|explanation) (?:now|today)|(?:rest|remainder) of (?:this|the) (?:answer|solution)|"
    r"(?:unlock|view|see|get|access|read) (?:the |this |your |to |a )*(?:(?:full|complete|more|instant|detailed|all(?: the)?|free|this) )+(?:answers?|solutions?|explanations?|questions?|summar(?:y|ies))\b|study guides\b|"
    r"ask (?:an?|our) (?:\w+ )?(?:expert|tutor|educator)|(?:continue|sign (?:up|in)|log ?in) with (?:google|apple|facebook|email|clever|microsoft)"
)
# The reader is spoken to, or the site speaks of itself.
ADDRESS = r"\b(?:you|your|yours|you['’](?:ll|re|ve)|our|ours|we|we['’](?:ll|re|ve)|us|my)\b"

# Words of a study site's own life.
SITE_WORDS = frozenset(
    (
        "answer answers answered questions expert experts tutor tutors tutoring educators "
        "homework study studying solutions textbook textbooks student students grade grades "
        "trial subscription subscriptions subscribe membership member members premium "
        "unlimited unlock signup login account app newsletter plan plans online platform "
        "website summaries guides essay essays flashcards packages free community learner "
        "learners inbox email notifications updates resources library cookies privacy terms "
        "company support "
    ).split()
)

# May be a button, may be a step in a list: the lines around it decide.
BUTTONS = (
    rf"\W{{0,6}}{IMPERATIVE}\b(?: [\w'’&,/+-]+){{0,5}}? {_SITE_NOUN}\b(?: [\w'’]+)?\W*",
    r"(?:\W*(?:log|sign|opt)[ -]?(?:in|up|on|out)\b\W*){1,3}|(?:register|subscribe|join|go premium)\W*",
    r"\W{0,6}(?:(?:cite|link|save|like|dislike|flag|report|follow|following|reply|edit|bookmark|favou?rite|copy|"
    r"upvote|downvote|comment|print|share|thanks?|delete|more|pdf|star|helpful|next|previous|"
    r"back|menu|search|home|info|details|close|submit|cancel|send|read more|show more|show less|see more|"
    r"view more|load more|learn more|profile|user|profile photo.{0,40}|wiki user|or|by|sources?:|ad|new|hot|active|"
    r"facebook|twitter|pinterest|whatsapp|e-?mail|instagram|reddit|linkedin|yes|no|sort|all|recommended)\W*){1,3}\d*\W*",
    r"\d+ (?:educator|expert|tutor|teacher)s?(?: answers?)?|\d\.\d ?/ ?5",
    r"thank(?:s| you)\b\W*\d*|\W*rate:?\W*|(?:q|question): .{1,120}",
    rf"(?:{_ITEM})(?:\W? \| (?:{_ITEM})){{1,6}}",
)

# The page goes on to other things: nothing below belongs to the answer above.
AFTERWARDS = (
    r"(?:explore |see |view |browse |find |popular |latest |recent |new |top )?(?:related|similar|popular|latest|recent|trending|recommended|new|top)"
    r"(?: (?:\w+|&|and)){0,2} (?:questions?|q ?& ?a|topics|answers|content|pages|guides|posts|homework|help|lessons|videos|courses|articles|study guides)"
    r"(?: (?:and|&) (?:answers|topics))?(?: (?:in|on|about|for|from|to|answered) .{1,60})?\W*",
    r"(?:more|other) (?:\w+ ){0,2}(?:questions?|q ?& ?a)(?: (?:and|&) answers)?"
    r"(?: (?:in|on|about|from|like this|by|you|people|students|asked|answered)\b.{0,60})?\W*",
    r"(?:you (?:may|might|['’]ll|will) (?:also )?(?:like|enjoy|be interested in|find)|people (?:also|who)|"
    r"(?:other )?(?:students|users|readers|others) (?:also|who|have also) |also asked|explore (?:similar|related|more)\b|"
    r"learn more about this|see also these|what (?:other )?students (?:are|also)|keep (?:reading|exploring)|"
    r"questions? (?:you (?:may|might)|like this|similar to)|related (?:to this )?(?:questions?|q&a)|more (?:from|on) (?:this|the same)).{0,60}",
    r"related|trending|see also questions|hot network questions.{0,20}|further reading:?|related:",
)

# A heading that has lost what stood below it.
DANGLING = r"(?:sources?|references?|further reading|explanations?|citations?|works cited|tags?|topics?)\s*:?"

# Lines above the answers that are not the question.
QUESTION_LABELS = (
    r"(?:the\s+)?questions?(?:\s*#?\d+)?(?:\s+details)?\s*:?",
    r"(?:asked|posted|details|category|subject|tags?|topics?|updated?|edited|edit|subjects|grade)\b:.{0,200}",
    r"(?:home|homework(?: help)?|q\s*&\s*a|questions?\s*(?:&|and)\s*answers?|study (?:guides?|tools)|lit(?:erature)?|subjects)(?:\s*[>/»›|].{0,200})?",
    r"[^\W\d][^>»›/?=]{0,50}(?:\s[>»›/]\s[^\W\d][^>»›/?=]{0,60}){1,6}\??",
)

CHROME = _FURNITURE + COUNTS

ROLE_WORD = (
    r"(?:educators?|teachers?|tutors?|experts?|professors?|lecturers?|instructors?|editors?|contributors?|"
    r"specialists?|mentors?|scholars?|moderators?|librarians?|students?|emeritus|coach|researcher|"
    r"historian|mathematician|physicist|chemist|biologist|engineer|economist|scientist|"
    r"graduate|advisor|consultant|writer|author|helper|attorney|nurse|academic)"
)
# What a credential starts with; a role without one of these is only a role beside a credential.
RANK = (
    r"(?:certified|verified|licensed|accredited|qualified|professional|associate|assistant|adjunct|senior|"
    r"distinguished|expert|top|master|lead|retired|former|community|subject[- ]matter|"
    r"\(?level \d+\)?|college|university|high school|middle school|elementary(?: school)?)"
)
DEGREE = (
    r"(?:ph\.? ?d|d\.?phil|m\.?phil|m\.?a|m\.?s|m\.?sc|m\.?ed|m\.?b\.?a|m\.?f\.?a|ed\.? ?d|b\.?a|b\.?s|b\.?sc|b\.?ed|m\.?d|j\.?d|"
    r"r\.?n|m\.?eng|b\.?eng|ll\.?[bm]|cpa|psy\.?d|bachelor(?:['’]?s)?|master(?:['’]?s)?|doctor(?:ate)?|doctoral)"
)
