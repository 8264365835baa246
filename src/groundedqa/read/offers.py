"""What may be chrome: the words and forms of offers, buttons and links, for chrome.py to weigh.

All are tried against a line in lower case.
"""

from __future__ import annotations

from groundedqa.read.patterns import SITE_NAME

_ITEM = r"[^\W\d_][\w'’&,+-]*(?: [\w'’&,+-]+){0,4}"

_SITE_NOUN = (
    r"(?:answers?|questions?|experts?|tutors?|educators?|solutions?|homework|study|trial|"
    r"accounts?|"
    r"premium|members?|membership|plans?|app|community|access|pro|plus|now|today|free|"
    r"explanations?|teachers?|textbooks?|flashcards?|grades?|lessons?|quiz(?:zes)?|google|"
    r"facebook|apple|email|library|summar(?:y|ies)|guides?|offer|pricing|deal|help|learning|"
    r"courses?|discussion|conversation)"
)
# How an offer or a button begins: a verb that tells the reader what to do.
IMPERATIVE = (
    r"(?:start|begin|get|try|unlock|join|sign ?up|sign ?in|log ?in|subscribe|register|upgrade|"
    r"access|become|claim|create|download|ask|see|view|show|read|explore|browse|find|discover|"
    r"connect|continue|post|submit|add|write|search|take|buy|order|hire|chat|talk|go|boost|"
    r"improve|save|enjoy|learn|check|need|choose|stuck|want|looking|select|earn|give|gain|use|"
    r"click|tap|sign|stop|don['’]t|level|not|already|no|enter|receive|ace|master|book|meet|"
    r"speak|still|got|have|any|can(?:not|['’]t) find|scan|snap|activate|redeem|open|hide|load|"
    r"expand|rate|study)"
)

# One of these in a line that speaks to the reader makes it an offer.
CERTAIN_OFFERS = (
    rf"(?:join|try|to|for|with) {SITE_NAME}\b",
    r"(?:free|unlimited|full|instant) access\b",
    r"community of (?:over |more than )?(?:[\d,]+\+? |\w+ |thousands of |millions of )*"
    r"(?:teachers|students|learners|educators|experts)",
    r"free[- ]trial|(?:risk|hassle)-free|free account|(?:free|risk-free) for \d+ \w+",
    r"\d+[- ](?:day|hour|week|month)s?(?: free| risk-free)?[- ](?:trial|access|pass)",
    r"already (?:a|have|registered|subscrib)|not a member|no thanks\b|cancel any ?time",
    r"create (?:your|my) .{0,20}account",
    r"log ?in (?:here|now|with|or|to (?:see|view|reply|comment|answer|unlock|continue|ask|post|"
    r"read|your))",
    r"sign ?(?:up|in) (?:now|here|free|for free|with|or|today|to (?:see|view|reply|comment|"
    r"answer|unlock|continue|ask|post|read|access|get|your))",
    r"(?:hundreds of thousands|tens of thousands|thousands|millions|over \d[\d,]*|"
    r"\d[\d,.]*(?:k|m|\+| million\+?)|\d[\d,.]{2,}) (?:of )?(?:more )?(?:step-by-step |expert |"
    r"verified |other |homework |textbook |study |q&a )*(?:answers|questions|solutions|"
    r"study guides|explanations|summaries|q&a|guides|flashcards|tutors|experts|resources|topics)",
    r"(?:unlimited|instant) (?:explanations|answers|solutions|help|homework)",
    r"unlock (?:this|all|your|more|every|full|unlimited|instant|access|it)|"
    r"unlock\b.{0,40}\banswers?",
    r"ad[- ]free|no ads|without ads|money[- ]back|24 ?/ ?7|grades soar|"
    r"we(?:['’]ve| have) answered",
    r"all \d+ (?:answers|questions|solutions|responses)|questions?\? (?:ask|post|get)\b",
    r"hire an? .{1,20} from \$\d+|(?:try|get) it for \d+ (?:hour|day|week)s|go unlimited",
    r"answer is (?:just )?(?:one|a) click away",
    r"mobile app|\bapp store|google play",
    r"\d+ ?% off|\$\d+(?:\.\d\d)? ?(?:/|a|per) ?(?:mo|month|week|year|yr)",
    r"(?:go|try|get|with|to|become|upgrade) (?:\w+ )?(?:premium|plus|pro|a member)\b",
    r"(?:subscribe|upgrade|join|register|enroll)(?: (?:us|for free|free))? (?:now|today|here|"
    r"for free|to (?:unlock|see|read|view|continue|get|access|our|premium|plus|pro))",
    r"\w+ (?:premium|plus|pro|membership)(?: (?:now|today|plan|member(?:ship)?))?\W*$",
    r"(?:continue|sign (?:up|in)|log ?in) with (?:google|apple|facebook|email|clever|microsoft)",
)
# These too, unless the line is a sentence that stands between two of the answer's own.
LIKELY_OFFERS = (
    r"(?:full|complete|immediate) (?:explanations|answers|solutions|help|homework)",
    r"(?:step-by-step|textbook|verified|expert|homework|study|detailed) (?:answers?|solutions?|"
    r"help|explanations?|tools|questions|resources)\b",
    r"(?:live|online|private|certified|verified|expert|qualified|vetted|professional|real|"
    r"human) (?:tutors?|experts?|educators?|teachers?|writers?)\b|subject[- ]matter experts?",
    r"our (?:\w+ )?(?:experts?|tutors?|educators?|teachers?|community|library|app|newsletter|team|"
    r"platform|subscription|premium|members)\b",
    r"unlock the|better grades?|higher grades|your own questions?\b|no credit card\b",
    r"(?:still|got|have|any|more|other|another|similar) (?:(?:an?|more|any|another|other) )?"
    r"(?:homework )?questions?\b|looking for (?:help|more|an? answer|something)",
    r"download (?:our|the|my)? ?(?:\w+ )?(?:app|pdf|answer|study guide)",
    r"(?:answer|question|page|solution|explanation) (?:now|today)",
    r"(?:rest|remainder) of (?:this|the) (?:answer|solution)",
    r"(?:unlock|view|see|get|access|read) (?:the |this |your |to |a )*(?:(?:full|complete|more|"
    r"instant|detailed|all(?: the)?|free|this) )+(?:answers?|solutions?|explanations?|questions?|"
    r"summar(?:y|ies))\b|study guides\b",
    r"ask (?:an?|our) (?:\w+ )?(?:expert|tutor|educator)",
)
# The reader is spoken to, or the site speaks of itself.
ADDRESS = r"\b(?:you|your|yours|you['’](?:ll|re|ve)|our|ours|we|we['’](?:ll|re|ve)|us|my)\b"

# Words of a study site's own life.
SITE_WORD = (
    r"\b(?:answer(?:s|ed)?|questions|experts?|tutor(?:s|ing)?|educators|homework|study(?:ing)?|"
    r"solutions|textbooks?|students?|grades?|trial|subscriptions?|subscribe|membership|members?|"
    r"premium|unlimited|unlock|signup|login|account|app|newsletter|plans?|online|platform|website|"
    r"summaries|guides|essays?|flashcards|packages|free|community|learners?|inbox|email|"
    r"notifications|updates|resources|library|cookies|privacy|terms|company|support)\b"
)

# May be a button, may be a step in a list: the lines around it decide.
BUTTONS = (
    rf"\W{{0,6}}{IMPERATIVE}\b(?: [\w'’&,/+-]+){{0,5}}? {_SITE_NOUN}\b(?: [\w'’]+)?\W*",
    r"(?:\W*(?:log|sign|opt)[ -]?(?:in|up|on|out)\b\W*){1,3}|(?:register|subscribe|join|"
    r"upgrade|go premium)\W*",
    r"\W{0,6}(?:(?:cite|link|save|like|dislike|flag|report|follow|following|reply|edit|bookmark|"
    r"favou?rite|copy|"
    r"upvote|downvote|comment|print|share|thanks?|delete|more|pdf|star|helpful|next|previous|"
    r"back|menu|search|home|info|details|close|submit|cancel|send|read more|show more|show less|"
    r"see more|"
    r"view more|load more|learn more|profile|user|profile photo.{0,40}|wiki user|or|by|"
    r"ad|new|hot|active|"
    r"facebook|twitter|pinterest|whatsapp|e-?mail|instagram|reddit|linkedin|yes|no|sort|all|"
    r"recommended)\W*){1,3}\d*\W*",
    r"\d+ (?:educator|expert|tutor|teacher)s?(?: answers?)?|\d\.\d ?/ ?5",
    r"thank(?:s| you)\b\W*\d*|\W*rate:?\W*|(?:q|question): .{1,120}",
    rf"(?:{_ITEM})(?:\W? \| (?:{_ITEM})){{2,6}}",
)

# The page goes on to other things: nothing below belongs to the answer above.
AFTERWARDS = (
    r"(?:explore |see |view |browse |find |popular |latest |recent |new |top )?(?:related|similar|"
    r"popular|latest|recent|trending|recommended|new|top)"
    r"(?: (?:\w+|&|and)){0,2} (?:questions?|q ?& ?a|topics|answers|content|pages|guides|posts|"
    r"homework|help|lessons|videos|courses|articles|study guides)"
    r"(?: (?:and|&) (?:answers|topics))?(?: (?:in|on|about|for|from|to|answered) .{1,60})?\W*",
    r"(?:more|other) (?:\w+ ){0,2}(?:questions?|q ?& ?a)(?: (?:and|&) answers)?"
    r"(?: (?:in|on|about|from|like this|by|you|people|students|asked|answered)\b.{0,60})?\W*",
    r"(?:you (?:may|might|['’]ll|will) (?:also )?(?:like|enjoy|be interested in|find)|"
    r"people (?:also|who)|"
    r"(?:other )?(?:students|users|readers|others) (?:also|who|have also) |also asked|"
    r"explore (?:similar|related|more)\b|"
    r"learn more about this|see also these|what (?:other )?students (?:are|also)|keep (?:reading|"
    r"exploring)|"
    r"questions? (?:you (?:may|might)|like this|similar to)|related (?:to this )?(?:questions?|"
    r"q&a)|more (?:from|on) (?:this|the same)).{0,60}",
    r"cite this (?:page|answer|article|entry|question)(?: as(?: follows)?:?|:)",
    r"(?:who are (?:the|our)|(?:about|meet) our) (?:\w+ )?(?:experts|educators|tutors|teachers)\W*",
    r"latest answer posted .{1,60}",
    r"related|trending|see also questions|hot network questions.{0,20}|further reading:?|related:",
)

# A heading that has lost what stood below it.
DANGLING = (
    r"(?:sources?|references?|further reading|explanations?|citations?|works cited|tags?|"
    r"topics?|images?)\s*:?"
)
