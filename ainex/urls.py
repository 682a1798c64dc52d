from django.contrib import admin
from django.urls import path, re_path
from django.views.generic import RedirectView

from community.views import accuracy, calculator, gpus, home, models, notes, preview, questions

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
    path("calculator/", calculator.calculator, name="calculator"),
    path("calculator/result/", calculator.result, name="calculator-result"),
    path("fixes/", home.fixes, name="fixes"),
    path("models/", models.model_list, name="model-list"),
    re_path(r"^models/(?P<name>[A-Za-z0-9._:/-]+)/$", models.model_detail, name="model-detail"),
    path("gpus/", gpus.gpu_list, name="gpu-list"),
    re_path(r"^gpus/(?P<name>[A-Za-z0-9.-]+)/$", gpus.gpu_detail, name="gpu-detail"),
    path("accuracy/", accuracy.accuracy_page, name="accuracy"),
    path("accuracy.csv", accuracy.accuracy_csv, name="accuracy-csv"),
    path("about/", home.about, name="about"),
    path("admin/preview/", preview.preview, name="preview"),
    path("admin/", admin.site.urls),
]

handler400 = "community.views.errors.bad_request"
handler403 = "community.views.errors.forbidden"
handler404 = "community.views.errors.not_found"
handler500 = "community.views.errors.server_error"
