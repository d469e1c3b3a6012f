"""gunicorn behind nginx: `gunicorn -c deploy/gunicorn.conf.py config.wsgi`."""

import multiprocessing

bind = "127.0.0.1:8000"
workers = multiprocessing.cpu_count() * 2 + 1
threads = 4
# an upload of 30 MB over a slow line is nginx's business; a request that takes longer than this is a fault
timeout = 60
graceful_timeout = 30
# memory that a library does not give back is returned by a new process
max_requests = 2000
max_requests_jitter = 200
worker_tmp_dir = "/dev/shm"
accesslog = None
errorlog = "-"
forwarded_allow_ips = "127.0.0.1"
