"""What the pages and the checks read."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from yanzhen.activity.refs import Ref
from yanzhen.brand.checking import Rulebook
from yanzhen.brand.comparing import in_order
from yanzhen.brand.findings import Finding, Manuscript
from yanzhen.brand.models import BrandFramework, FrameworkVersion, Override, Rule
from yanzhen.brand.ports import PastPost, past_posts
from yanzhen.brand.rules import RuleSpec, Severity

#: So many past posts a draft is tried on, the newest.
MOST_PAST = 2000
_MOST_KEPT = 64

_compiled: OrderedDict[str, Rulebook] = OrderedDict()
_lock = Lock()


def live_rulebook(workspace_id: int) -> Rulebook | None:
    """Return the rules that count now; None where nothing was published yet.

    They are compiled once in each process. What is kept is found again by the digest of what the
    rules say, so that a restored database never meets the rules of another.
    """
    live = BrandFramework.objects.filter(workspace_id=workspace_id, live__isnull=False)
    found = live.values_list("live_id", "live__digest").first()
    if found is None:
        return None
    version_id, digest = found
    with _lock:
        if digest in _compiled:
            _compiled.move_to_end(digest)
            return _compiled[digest]
    made = Rulebook(FrameworkVersion.objects.get(pk=version_id).specs)
    with _lock:
        _compiled[digest] = made
        while len(_compiled) > _MOST_KEPT:
            _compiled.popitem(last=False)
    return made


def framework_of(workspace_id: int) -> BrandFramework | None:
    """Return the workspace's framework with its live version and who published that."""
    rows = BrandFramework.objects.select_related("live__published_by__user")
    return rows.filter(workspace_id=workspace_id).first()


def draft_rules(framework: BrandFramework) -> list[Rule]:
    """Return the rules of the draft in the order of the page."""
    rows = {rule.key: rule for rule in framework.rules.all()}
    return [rows[spec.key] for spec in in_order(row.spec for row in rows.values())]


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding, and who let it stand, if somebody did."""

    finding: Finding
    override: Override | None = None

    @property
    def bars(self) -> bool:
        """Whether it bars the way to review."""
        return self.finding.rule.severity == Severity.ERROR and self.override is None


def judge(workspace_id: int, manuscript: Manuscript, *, about: Ref) -> list[Judged]:
    """Check the text of the thing ``about`` against the live version, errors first."""
    return judge_all(workspace_id, [(manuscript, about)])[0]


def judge_all(workspace_id: int, asked: Sequence[tuple[Manuscript, Ref]]) -> list[list[Judged]]:
    """Check many texts of one workspace, each as judge() does; as many queries as for one."""
    book = live_rulebook(workspace_id)
    found = [book.check(manuscript) if book else [] for manuscript, _about in asked]
    digests = [
        manuscript.digest(about) if _has_error(findings) else ""
        for (manuscript, about), findings in zip(asked, found, strict=True)
    ]
    overrides = _overrides(workspace_id, {digest for digest in digests if digest})
    weights = list(Severity)
    return [
        sorted(
            (Judged(each, overrides.get((digest, each.rule.fingerprint))) for each in findings),
            key=lambda each: weights.index(each.finding.rule.severity),
        )
        for digest, findings in zip(digests, found, strict=True)
    ]


def _has_error(findings: Sequence[Finding]) -> bool:
    return any(each.rule.severity == Severity.ERROR for each in findings)


def _overrides(workspace_id: int, digests: set[str]) -> Mapping[tuple[str, str], Override]:
    """Return what was let stand, by the digest of its words and the print of its rule."""
    if not digests:
        return {}
    rows = Override.objects.filter(workspace_id=workspace_id, digest__in=digests)
    return {(row.digest, row.rule_print): row for row in rows.select_related("by__user")}


@dataclass(frozen=True, slots=True)
class Flagged:
    """A past post that the draft would flag. ``new``: the live version says less about it."""

    post: PastPost
    findings: Sequence[Finding]
    new: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """How a draft does on past posts. ``looked`` is how many were looked at."""

    looked: int
    flagged: Sequence[Flagged]

    @property
    def new(self) -> int:
        """How many of them the live version lets pass."""
        return sum(each.new for each in self.flagged)


def try_on_past(workspace_id: int, rules: Sequence[RuleSpec]) -> Trial:
    """Check the newest past posts against these rules, words only: pictures are not looked at."""
    book, live = Rulebook(rules), live_rulebook(workspace_id)
    looked, flagged = 0, []
    for post in past_posts().recent(workspace_id, most=MOST_PAST):
        looked += 1
        manuscript = Manuscript(post.texts, post.language, asides=post.asides)
        findings = book.check(manuscript)
        if findings:
            before = {each.rule.key for each in live.check(manuscript)} if live else set()
            new = any(each.rule.key not in before for each in findings)
            flagged.append(Flagged(post, findings, new))
    return Trial(looked, flagged)
