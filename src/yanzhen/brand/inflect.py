"""English inflection by rule: from the form a rule lists to the forms people write.

A rule lists one form and means all of them: "leverage" also catches leverages, leveraged and
leveraging. The forms are made, not guessed back from the text as a stemmer does: a stemmer takes
*university* and *universe* for one word, and nobody could explain such a finding to a writer. The
page of a rule shows the forms it catches. A form that is no word of English never occurs and does
no harm; a form that is another word does, and the known ones are taken out.
"""

from __future__ import annotations

import re
from functools import lru_cache

_VOWELS = "aeiou"
#: Words whose forms follow no rule, and all of those forms.
_IRREGULAR = """
be am is are was were been being
have has had having
do does did done doing
go goes went gone going
get gets got gotten getting
give gives gave given giving
take takes took taken taking
make makes made making
buy buys bought buying
bring brings brought bringing
sell sells sold selling
tell tells told telling
say says said saying
pay pays paid paying
win wins won winning
lose loses lost losing
find finds found finding
think thinks thought thinking
know knows knew known knowing
grow grows grew grown growing
show shows showed shown showing
see sees saw seen seeing
begin begins began begun beginning
run runs ran running
come comes came coming
become becomes became becoming
beat beats beaten beating
break breaks broke broken breaking
choose chooses chose chosen choosing
drive drives drove driven driving
fall falls fell fallen falling
feel feels felt feeling
hold holds held holding
keep keeps kept keeping
lead leads led leading
leave leaves left leaving
meet meets met meeting
rise rises rose risen rising
send sends sent sending
spend spends spent spending
speak speaks spoke spoken speaking
steal steals stole stolen stealing
wear wears wore worn wearing
write writes wrote written writing
cut cuts cutting
hit hits hitting
put puts putting
let lets letting
set sets setting
good better best
bad worse worst
man men
woman women
child children
person people persons
foot feet
tooth teeth
mouse mice
life lives
leaf leaves
knife knives
half halves
shelf shelves
analysis analyses
crisis crises
"""
_FORMS = {line.split()[0]: frozenset(line.split()) for line in _IRREGULAR.strip().splitlines()}
#: Adjectives of one or two syllables that copy compares with. Others take "more" and "most".
_ADJECTIVES = """
bold brave bright broad calm cheap clean clear cool deep fast fine fresh great hard high hot kind
large late light long loud low mild neat new nice old plain poor proud pure quick quiet rare rich
safe sharp short simple slim slow small smart smooth soft strong sweet tall thick thin tight tough
true warm weak wide wild wise young
"""
_COMPARED = frozenset(_ADJECTIVES.split())
#: What a rule would make and what is another word.
_OTHERS = {
    "new": {"news"},
    "good": {"goods"},
    "mean": {"means"},
    "even": {"evening", "evenings"},
    "add": {"ads"},
    "custom": {"customs"},
    "wed": {"weds"},
    "the": {"thes"},
    "hard": {"hardly"},
    "bare": {"barely"},
}
_ADVERB_FROM = ("al", "ive", "ful", "ous", "less", "ent", "ant", "ete", "ute")
_ONE_BEAT = re.compile(r"[^aeiou]*[aeiouy][^aeiouwxy]")
#: Longer words that may double their last letter: the stress lies on it, or Britain spells it so.
_DOUBLES = ("fer", "cur", "pel", "mit", "gret", "quip", "el", "al", "gram")
#: What is never a verb.
_NO_VERB = ("ary", "ness", "ist", "ism", "ity", "ous", "ful", "less")
_FEW_VOWELS = re.compile(r"[^aeiouy]*[aeiouy]+[^aeiouy]+y")
_LEAST_LETTERS = 3


@lru_cache(maxsize=4096)
def forms(word: str) -> frozenset[str]:
    """Return every form of one English word, itself and its possessives included, lower case.

    ``word`` is taken to be the form a dictionary lists. Short words, and words that are not plain
    a to z, come back alone with their possessive.
    """
    word = word.lower()
    if not word.isascii() or not word.isalpha() or len(word) < _LEAST_LETTERS:
        found = set(_FORMS.get(word, {word}))
    elif word in _FORMS:
        found = set(_FORMS[word])
    else:
        found = {word, *_plural(word), *_past_and_going(word), *_compared(word), *_adverb(word)}
        found -= _OTHERS.get(word, set())
    return frozenset(found | {f"{each}'s" for each in found})


def _after_consonant(word: str) -> bool:
    return word[-2] not in _VOWELS


def _plural(word: str) -> set[str]:
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return {word + "es"}
    if word.endswith("y") and _after_consonant(word):
        return {word[:-1] + "ies"}
    if word.endswith("o") and _after_consonant(word):
        return {word + "s", word + "es"}
    return {word + "s"}


def _past_and_going(word: str) -> set[str]:
    if word.endswith(_NO_VERB):
        return set()
    if word.endswith("ee"):
        return {word + "d", word + "ing"}
    if word.endswith("ie"):
        return {word + "d", word[:-2] + "ying"}
    if word.endswith("e"):
        return {word + "d", word[:-1] + "ing"}
    if word.endswith("y") and _after_consonant(word):
        return {word[:-1] + "ied", word + "ing"}
    return _maybe_doubled(word)


def _maybe_doubled(word: str) -> set[str]:
    if _ONE_BEAT.fullmatch(word):
        return {word + word[-1] + "ed", word + word[-1] + "ing"}
    plain = {word + "ed", word + "ing"}
    if word.endswith(_DOUBLES):
        return plain | {word + word[-1] + "ed", word + word[-1] + "ing"}
    return plain


def _compared(word: str) -> set[str]:
    if word.endswith("y") and _after_consonant(word):
        more = {word[:-1] + "ier", word[:-1] + "iest"} if _FEW_VOWELS.fullmatch(word) else set()
        return more | {word[:-1] + "ily"}
    if word not in _COMPARED:
        return set()
    if word.endswith("e"):
        return {word + "r", word + "st"}
    stem = word + word[-1] if _ONE_BEAT.fullmatch(word) else word
    return {stem + "er", stem + "est"}


def _adverb(word: str) -> set[str]:
    if word.endswith("le") and word[:-2] and word[-3] not in _VOWELS:
        return {word[:-1] + "y"}
    if word.endswith("ic"):
        return {word + "ally"}
    if word.endswith(_ADVERB_FROM) or word in _COMPARED:
        return {word + "ly"}
    return set()
