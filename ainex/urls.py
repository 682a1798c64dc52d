from django.contrib import admin
from django.urls import path
from django.views.generic import RedirectView

from community.views import home, notes, preview, questions

urlpatterns = [
    path("", home.home, name="home"),
    path("community.html", questions.question_list, name="question-list"),
    path("community/", RedirectView.as_view(pattern_name="question-list", permanent=True, query_string=True)),
    path("q/<int:number>/", questions.question_detail, name="question-detail"),
    path("q/<int:number>/sheet/", questions.question_sheet, name="question-sheet"),
    path("q/<int:number>/history/", questions.question_history, name="question-history"),
    path("notes/", notes.note_list, name="note-list"),
    path("notes/<slug:slug>/", notes.note_detail, name="note-detail"),
    path("notes/<slug:slug>/history/", notes.note_history, name="note-history"),
    path("benchmarks/<slug:slug>.csv", notes.benchmark_csv, name="benchmark-csv"),
    path("fixes/", home.fixes, name="fixes"),
    path("about/", home.about, name="about"),
    path("admin/preview/", preview.preview, name="preview"),
    path("admin/", admin.site.urls),
]

handler400 = "community.views.errors.bad_request"
handler403 = "community.views.errors.forbidden"
handler404 = "community.views.errors.not_found"
handler500 = "community.views.errors.server_error"
