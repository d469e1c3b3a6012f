"""A university's pages: its reports from upload to seal."""

from django.urls import path

from surveys.filings.views import (
    acts,
    extension,
    grid,
    handover,
    history,
    home,
    papers,
    rounds,
    signing,
    uploads,
)

app_name = "filings"
urlpatterns = [
    path("", home.home, name="home"),
    path("rounds/", home.rounds, name="rounds"),
    path("handover/", handover.pack, name="handover"),
    path("handover/pack.xlsx", handover.file, name="handover_file"),
    path("rounds/uploads/<uuid:upload_id>/", uploads.result, name="result"),
    path("rounds/uploads/<uuid:upload_id>/job/", uploads.job, name="job"),
    path("rounds/uploads/<uuid:upload_id>/answer/", uploads.answer, name="answer"),
    path("rounds/uploads/<uuid:upload_id>/mapping/", uploads.mapping, name="mapping"),
    path("rounds/uploads/<uuid:upload_id>/again/", uploads.again, name="again"),
    path("rounds/uploads/<uuid:upload_id>/load/", uploads.load, name="load"),
    path("rounds/uploads/<uuid:upload_id>/undo/", uploads.undo, name="undo"),
    path("rounds/<slug:round_code>/template/", uploads.template, name="template"),
    path("rounds/uploads/<uuid:upload_id>/restore/", uploads.take_again, name="take_again"),
    path("rounds/uploads/<uuid:upload_id>/annotated/", uploads.annotated, name="annotated"),
    path("rounds/uploads/<uuid:upload_id>/original/", uploads.original, name="original"),
    path("rounds/<slug:round_code>/", rounds.round, name="round"),
    path("rounds/<slug:round_code>/history/", history.history, name="history"),
    path("rounds/<slug:round_code>/history/<int:revision>/", history.step, name="step"),
    path("rounds/<slug:round_code>/upload/", uploads.upload, name="upload"),
    path("rounds/<slug:round_code>/grid/", grid.grid, name="grid"),
    path("rounds/<slug:round_code>/grid/save/", grid.save, name="grid_save"),
    path("rounds/<slug:round_code>/grid/paste/", grid.paste, name="grid_paste"),
    path("rounds/<slug:round_code>/cell/", rounds.cell, name="cell"),
    path("rounds/<slug:round_code>/explain/", acts.explain, name="explain"),
    path("rounds/<slug:round_code>/denominators/", acts.denominators, name="denominators"),
    path("rounds/<slug:round_code>/submit/", acts.submit, name="submit"),
    path("rounds/<slug:round_code>/take-back/", acts.take_back, name="take_back"),
    path("rounds/<slug:round_code>/withdraw/", acts.withdraw, name="withdraw"),
    path("rounds/<slug:round_code>/nil/", acts.nil, name="nil"),
    path("rounds/<slug:round_code>/months/", acts.months, name="months"),
    path("rounds/<slug:round_code>/amend/", acts.amend, name="amend"),
    path("rounds/<slug:round_code>/give-up/", acts.give_up, name="give_up"),
    path("rounds/<slug:round_code>/extension/", extension.extension, name="extension"),
    path(
        "rounds/<slug:round_code>/extension/<int:pk>/take-back/", extension.take_back, name="extension_back"
    ),
    path("rounds/<slug:round_code>/queries/<int:query_id>/", acts.answer_query, name="answer_query"),
    path("rounds/<slug:round_code>/sign/", signing.sign, name="sign"),
    path("rounds/<slug:round_code>/send-back/", signing.send_back, name="send_back"),
    path("rounds/<slug:round_code>/paper/", papers.draft_paper, name="draft_paper"),
    path("rounds/<slug:round_code>/sealed/<int:version>/", signing.sealed_version, name="sealed"),
    path("rounds/<slug:round_code>/sealed/<int:version>/paper/", papers.sealed_paper, name="paper"),
    path("rounds/<slug:round_code>/sealed/<int:version>/stamp/", papers.stamp, name="stamp"),
    path("rounds/<slug:round_code>/sealed/<int:version>/stamped/<int:pk>/", papers.stamped, name="stamped"),
]
