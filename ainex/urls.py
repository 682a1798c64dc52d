from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from community.views import (
    accuracy,
    calculator,
    compare,
    config,
    embed,
    gpus,
    home,
    log,
    models,
    notes,
    preview,
    questions,
    quick,
    reverse,
)

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
    path("calculator/compare/", compare.compare, name="calculator-compare"),
    path("calculator/embed/", embed.embed, name="calculator-embed"),
    path("calculator/bar.svg", embed.bar_file, name="calculator-bar"),
    path("calculator/fits/", reverse.fits, name="calculator-fits"),
    path("calculator/needs/", reverse.needs, name="calculator-needs"),
    path("calculator/config/", config.config, name="calculator-config"),
    path("calculator/log/", log.log, name="calculator-log"),
    path("calculator/quick/", quick.quick, name="calculator-quick"),
    path("calculator/quick/answer/", quick.quick_answer, name="calculator-quick-answer"),
    path("fixes/", home.fixes, name="fixes"),
    path("models/", models.model_list, name="model-list"),
    re_path(r"^models/(?P<name>[A-Za-z0-9._:/-]+)/$", models.model_detail, name="model-detail"),
    path("gpus/", gpus.gpu_list, name="gpu-list"),
    re_path(r"^gpus/(?P<name>[A-Za-z0-9.-]+)/$", gpus.gpu_detail, name="gpu-detail"),
    path("accuracy/", accuracy.accuracy_page, name="accuracy"),
    path("accuracy.csv", accuracy.accuracy_csv, name="accuracy-csv"),
    path("about/", home.about, name="about"),
    path("api/", include("community.api.urls")),
    path("admin/preview/", preview.preview, name="preview"),
    path("admin/", admin.site.urls),
]

handler400 = "community.views.errors.bad_request"
handler403 = "community.views.errors.forbidden"
handler404 = "community.views.errors.not_found"
handler500 = "community.views.errors.server_error"
