"""Money at X: what each account has spent this month and may spend, and apps that have none."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yanzhen.channels.models import Account
from yanzhen.channels.prices import MICROS
from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, asks, members
from yanzhen.people.rights import Decision
from yanzhen.publishing.actions.budgeting import resume_app, set_budget
from yanzhen.publishing.engine import money as purse
from yanzhen.publishing.forms import BudgetForm
from yanzhen.publishing.models import Budget, Pause, Spend
from yanzhen.publishing.words_gates import spent_on


@dataclass(frozen=True)
class Line:
    """One account's month. Amounts in US dollars; ``share`` of the budget used, in percent."""

    account: Account
    spent: float
    charges: list[tuple[str, float]]
    budget: Budget | None
    form: BudgetForm

    @property
    def monthly(self) -> float:
        """The whole budget, 0 for none."""
        return self.budget.monthly_micros / MICROS if self.budget else 0

    @property
    def reserve(self) -> float:
        """What is kept for crises."""
        return self.monthly * self.budget.reserve_percent / 100 if self.budget else 0

    @property
    def goal(self) -> int:
        """The share that ordinary posts may use, in percent."""
        return 100 - self.budget.reserve_percent if self.budget else 100

    @property
    def share(self) -> int:
        """How much of the budget is used, in percent."""
        return min(100, round(100 * self.spent / self.monthly)) if self.monthly else 0


def _lines(request: MemberRequest, bad: tuple[int, BudgetForm] | None) -> list[Line]:
    accounts = list(Account.objects.visible_to(request.member).in_order())
    month = purse.month_of(now())
    rows = Spend.objects.filter(account__in=accounts, month=month).order_by("account_id", "what")
    by_account: dict[int, list[tuple[str, int]]] = {}
    for pk, what, micros in (
        rows.values("account_id", "what")
        .annotate(total=Sum("micros"))
        .values_list("account_id", "what", "total")
    ):
        by_account.setdefault(pk, []).append((what, micros))
    budgets = {b.account_id: b for b in Budget.objects.filter(account__in=accounts)}
    lines = []
    for account in accounts:
        found = by_account.get(account.pk, [])
        budget = budgets.get(account.pk)
        form = bad[1] if bad and bad[0] == account.pk else BudgetForm.about(account, budget)
        lines.append(
            Line(
                account=account,
                spent=sum(micros for _what, micros in found) / MICROS,
                charges=[(spent_on(what), micros / MICROS) for what, micros in found],
                budget=budget,
                form=form,
            )
        )
    return lines


def _page(
    request: MemberRequest, bad: tuple[int, BudgetForm] | None = None, *, status: int = 200
) -> HttpResponse:
    lines = _lines(request, bad)
    context = {
        "lines": lines,
        "pauses": purse.open_pauses(request.member.workspace_id),
        "may_set": request.member.may_somewhere(Decision.BUDGET_SET),
        "total": sum(line.spent for line in lines),
        "today": now(),
        "open": bad[0] if bad else 0,
    }
    return render(request, "publishing/money.html", context, status=status)


@members
@require_GET
def money(request: MemberRequest) -> HttpResponse:
    """Show this month's money, account by account."""
    return _page(request)


@asks(Decision.BUDGET_SET)
@require_POST
def budget(request: MemberRequest, pk: int) -> HttpResponse:
    """Set or take away the budget of one account."""
    account = get_object_or_404(Account.objects.visible_to(request.member), pk=pk)
    form = BudgetForm(request.POST, auto_id=f"a{pk}-%s")
    if not form.is_valid():
        return _page(request, (pk, form), status=422)
    set_budget(
        account,
        by=request.member,
        monthly=form.cleaned_data["monthly"],
        reserve_percent=form.cleaned_data["reserve"],
        now=now(),
    )
    messages.info(request, _("The budget of %(account)s is set.") % {"account": account})
    return redirect("money")


@asks(Decision.BUDGET_SET)
@require_POST
def resume(request: MemberRequest, pk: int) -> HttpResponse:
    """Use an X app again after credits were bought."""
    rows = Pause.objects.filter(workspace_id=request.member.workspace_id)
    resume_app(get_object_or_404(rows, pk=pk), by=request.member, now=now())
    messages.info(request, _("The X app is in use again. If X still refuses, it rests again."))
    return redirect("money")
