"""What makes the alerts of Harbor, GitLab and the runners fire, and what must not."""

from tests.repository.cases import Case

CORE = "harbor_core_http_request_total"
WEB = "gitlab_workhorse_http_requests_total"
GITALY = "grpc_server_handled_total"
LOST = "gitlab_runner_failed_jobs_total"
ASKED = "gitlab_runner_api_request_statuses_total"

DELIVERY = {
    "ActionsUnregistered": Case(
        {"gha_max_runners{name='a'}": "6x10 _x60"}, {"gha_max_runners{name='a'}": "6x40 _x30"}, {}
    ),
    "ActionsWaiting": Case(
        {"gha_assigned_jobs{name='a'}": "3x70", "gha_running_jobs{name='a'}": "2x70"},
        {"gha_assigned_jobs{name='a'}": "3x70", "gha_running_jobs{name='a'}": "2x40 3x30"},
        {"name": "a"},
    ),
    "GitLabBusy": Case(
        {
            "puma_queued_connections{namespace='gitlab', pod='a'}": "5x70",
            "puma_queued_connections{namespace='gitlab', pod='b'}": "4x70",
        },
        {
            "puma_queued_connections{namespace='gitlab', pod='a'}": "4x70",
            "puma_queued_connections{namespace='gitlab', pod='b'}": "4x70",
            "puma_queued_connections{namespace='other', pod='c'}": "50x70",
        },
        {},
    ),
    "GitLabFailing": Case(
        {f"{WEB}{{code='502', route='a'}}": "0+6x70", f"{WEB}{{code='200', route='a'}}": "0+94x70"},
        {f"{WEB}{{code='502', route='a'}}": "0+4x70", f"{WEB}{{code='200', route='a'}}": "0+96x70"},
        {},
    ),
    "GitLabJobsWaiting": Case(
        {"sidekiq_queue_latency_seconds{name='default'}": "601x70"},
        {"sidekiq_queue_latency_seconds{name='default'}": "599x70"},
        {"name": "default"},
    ),
    "GitLabMissing": Case(
        {f"{WEB}{{code='200'}}": "0+1x10 _x60"}, {f"{WEB}{{code='200'}}": "0+1x40 _x30"}, {}
    ),
    "GitalyFailing": Case(
        {
            f"{GITALY}{{namespace='gitlab', grpc_code='Internal'}}": "0+6x70",
            f"{GITALY}{{namespace='gitlab', grpc_code='OK'}}": "0+94x70",
        },
        {
            # Somebody asked for what is not there: that is an answer.
            f"{GITALY}{{namespace='gitlab', grpc_code='NotFound'}}": "0+50x70",
            f"{GITALY}{{namespace='gitlab', grpc_code='Internal'}}": "0+2x70",
            f"{GITALY}{{namespace='gitlab', grpc_code='OK'}}": "0+48x70",
        },
        {},
    ),
    "HarborFailing": Case(
        {f"{CORE}{{code='500'}}": "0+6x70", f"{CORE}{{code='200'}}": "0+94x70"},
        {f"{CORE}{{code='500'}}": "0+4x70", f"{CORE}{{code='401'}}": "0+96x70"},
        {},
    ),
    "HarborJobsWaiting": Case(
        {"harbor_task_queue_latency{type='GARBAGE_COLLECTION'}": "3601x70"},
        {"harbor_task_queue_latency{type='GARBAGE_COLLECTION'}": "3599x70"},
        {"type": "GARBAGE_COLLECTION"},
    ),
    "HarborMissing": Case({"harbor_health": "1x10 _x60"}, {"harbor_health": "1x40 _x30"}, {}),
    "HarborPartDown": Case(
        {"harbor_up{component='redis'}": "1x10 0x60", "harbor_up{component='core'}": "1x70"},
        {"harbor_up{component='redis'}": "1x57 0x13"},
        {"component": "redis"},
    ),
    "RunnerFailing": Case(
        {f"{LOST}{{failure_reason='runner_system_failure', runner='a'}}": "0+0.2x130"},
        {
            f"{LOST}{{failure_reason='runner_system_failure', runner='a'}}": "0+0.05x130",
            f"{LOST}{{failure_reason='script_failure', runner='a'}}": "0+9x130",
        },
        {},
        minute=120,
    ),
    "RunnerUnheard": Case(
        {
            f"{ASKED}{{endpoint='request_job', status='403'}}": "0+6x70",
            f"{ASKED}{{endpoint='request_job', status='204'}}": "0+4x70",
        },
        {
            f"{ASKED}{{endpoint='request_job', status='403'}}": "0+4x70",
            f"{ASKED}{{endpoint='request_job', status='204'}}": "0+6x70",
            f"{ASKED}{{endpoint='update_job', status='409'}}": "0+90x70",
        },
        {},
    ),
}
