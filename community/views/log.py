"""The start-up log reader. What is pasted is read and forgotten."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from community.calculator.log.answer import LogAnswer
from community.calculator.log.form import LogForm
from community.guest_posts import guest_form, is_old, stamp
from community.models import Question


@guest_form
def log(request: HttpRequest) -> HttpResponse:
    posted = request.method == "POST"
    old = posted and is_old(request)
    form = LogForm(request.POST if posted else None)
    found = question = None
    if form.is_valid() and form.reading and not old:
        found = LogAnswer(form.reading, form.text, form.devices, form.chosen)
        question = question_of(found.question_number)
    context = {"form": form, "found": found, "question": question, "stamp": stamp(request), "old": old}
    return render(request, "calculator/log.html", context)


def question_of(number: int | None) -> Question | None:
    if number is None:
        return None
    return Question.objects.published().filter(number=number).only("number", "title").first()
