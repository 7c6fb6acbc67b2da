"""Tasks for staff: my day and the board, adding a task, moving it on, handing it over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from roamio_web.formatters import label
from roamio_web.forms.tasks import HandOverForm, StepForm, TaskFilters, TaskForm
from roamio_web.fragments import answer, wants_fragment
from roamio_web.models import reference
from roamio_web.models.task import Task, TaskStatus
from roamio_web.models.task_query import TaskQuery
from roamio_web.permissions import Permission, allows, requires
from roamio_web.sentences import by_whom
from roamio_web.services import tasks
from roamio_web.services.failures import NotFound, Refused
from roamio_web.services.tasks import Overtaken, Place, Shown, TaskBoard
from roamio_web.sessions import current_client, current_team, member_let_in, team_and

bp = Blueprint("tasks", __name__, url_prefix="/staff/tasks")

FASTER = "Somebody was faster, so nothing was written."


@bp.get("")
@requires(Permission.WORK_ON_TASKS)
def index() -> Response:
    """Show this person's day and the board of the tasks that they may see."""
    response = _board("staff/tasks/_answer.html")
    if wants_fragment():
        response.headers["HX-Push-Url"] = _address(TaskQuery.from_args(request.args))
    return response


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.WORK_ON_TASKS)
def add() -> ResponseReturnValue:
    """Add a task to a booking; the address may name it already, as the booking's own page does."""
    booking = reference.parse(request.args.get("booking", ""))
    form = TaskForm.for_booking(booking, current_team())
    refusal = None
    if form.validate_on_submit():
        try:
            task = _add(form)
        except NotFound:
            form.booking.errors = ["There is no booking with this reference that you may see"]
        except Refused as refused:
            refusal = str(refused)
        else:
            flash(f"“{task.title}” was added.", "success")
            on_booking = url_for("bookings.show", booking_id=task.booking_id)
            return redirect(on_booking if booking else url_for("tasks.index"), 303)
    page = render_template(
        "staff/tasks/add.html", member=member_let_in(), form=form, booking=booking, refusal=refusal
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/<uuid:task_id>/status")
@requires(Permission.WORK_ON_TASKS)
def change_status(task_id: UUID) -> ResponseReturnValue:
    """Move a task to another column, unless somebody else was faster and moved it elsewhere.

    :raise 404: there is none, or it is not this person's to see.
    """
    form, place = StepForm(), _place()
    if not form.validate():
        return _moved(tasks.show(current_client(), str(task_id), place), 422, refusal=form.first_error)
    chosen, seen = TaskStatus(form.status.data or ""), form.seen.data or ""
    try:
        now = tasks.change_status(current_client(), str(task_id), chosen, seen=seen, place=place)
    except Overtaken as overtaken:
        return _moved(overtaken.now, 409, refusal=_faster(form.changes_until(overtaken.now.task), overtaken))
    except Refused as refusal:
        return _moved(refusal.now, 422, refusal=str(refusal))
    done = f"“{now.task.title}” is {label(chosen).lower()} now."
    if wants_fragment():
        return _moved(now, done=done)
    flash(done, "success")
    return redirect(_way_back(now.task), 303)


@bp.get("/<uuid:task_id>/assignment")
@requires(Permission.HAND_OVER_TASK)
def assignment(task_id: UUID) -> str:
    """Ask who does a task from now on.

    :raise 404: there is none.
    """
    task = _read(task_id)
    return _assignment(task, HandOverForm.showing(task, current_team()))


@bp.post("/<uuid:task_id>/assignment")
@requires(Permission.HAND_OVER_TASK)
def hand_over(task_id: UUID) -> ResponseReturnValue:
    """Give a task to somebody else, unless another admin was faster.

    :raise 404: there is none.
    """
    form = HandOverForm()
    if not form.validate():
        return _choose_again(_read(task_id), form, 422, "Choose somebody from the list.")
    try:
        task = tasks.hand_over(current_client(), str(task_id), form.person_id, seen=form.seen_id)
    except Overtaken as overtaken:
        task = overtaken.now.task
        now = f"{task.assigned_to_name or 'Nobody'} has it now."
        return _choose_again(task, form, 409, _faster(now, overtaken))
    except Refused as refusal:
        return _choose_again(refusal.now.task, form, 422, str(refusal))
    flash(f"“{task.title}” was handed over.", "success")
    return redirect(_way_back(task), 303)


def _faster(now: str, overtaken: Overtaken) -> str:
    """That nothing was written, how the task is now, and who made it so."""
    return " ".join([FASTER, now, *by_whom(overtaken.latest)])


def _read(task_id: UUID) -> Task:
    return tasks.read_task(current_client(), str(task_id))


def _add(form: TaskForm) -> Task:
    """Add the task: for whom an admin chose, and for themselves where anybody else adds it.

    :raise NotFound, Refused: as the services.
    """
    member = member_let_in()
    chooses = allows(member, Permission.HAND_OVER_TASK)
    return tasks.add_task(
        current_client(),
        form.stored_reference,
        form.title.data or "",
        due=form.due,
        person=form.person_id if chooses else member.id,
        for_the_agent=chooses and form.for_the_agent,
    )


def _address(query: TaskQuery) -> str:
    """The shortest address of this board."""
    args: dict[str, Any] = {**query.to_args()}
    return url_for("tasks.index", **args)


def _way_back(task: Task) -> str:
    """The page on which the task was moved, at the task."""
    if request.args.get("place") == "booking":
        return url_for("bookings.show", booking_id=task.booking_id, _anchor=f"task-{task.id}")
    return f"{_address(TaskQuery.from_args(request.args))}#task-{task.id}"


def _way() -> dict[str, str]:
    """What an address says of the page that the task was on: the booking's own, or the board of whom."""
    if request.args.get("place") == "booking":
        return {"place": "booking"}
    return TaskQuery.from_args(request.args).to_args()


def _place() -> Place:
    """The page on which the task is moved; it is drawn again where htmx or a mistake asks for that."""
    if request.args.get("place") == "booking":
        return Place(on_booking=True)
    return Place(TaskQuery.from_args(request.args))


def _moved(now: Shown, status: int = 200, **outcome: str) -> Response:
    """Show the page on which the task was moved, as it is now, and what became of the move."""
    if now.booking is None:
        return _board("staff/tasks/_changed.html", status, now.board, **outcome)
    context = {"member": member_let_in(), "booking": now.booking, **outcome}
    return answer("staff/bookings/show.html", "staff/bookings/_tasks_changed.html", context, status)


def _board(fragment: str, status: int = 200, board: TaskBoard | None = None, **outcome: object) -> Response:
    """Show the board that the address asks for; ``board`` if it has been read already."""
    query = TaskQuery.from_args(request.args)
    context = {
        "member": member_let_in(),
        "board": board or tasks.read_board(current_client(), query),
        "filters": TaskFilters.showing(query, member_let_in(), team_and(query.person)),
    }
    return answer("staff/tasks/index.html", fragment, {**context, **outcome}, status)


def _assignment(task: Task, form: HandOverForm, refusal: str | None = None) -> str:
    return render_template(
        "staff/tasks/assignment.html",
        member=member_let_in(),
        task=task,
        form=form,
        refusal=refusal,
        args=_way(),
        back=_way_back(task),
    )


def _choose_again(task: Task, form: HandOverForm, status: int, refusal: str) -> tuple[str, int]:
    """Show how the task is now, with who was chosen still chosen."""
    return _assignment(task, form.showing_again(task, current_team()), refusal), status
