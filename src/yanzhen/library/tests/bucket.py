"""A server that speaks the protocol of S3, on this machine, and a store in a bucket of it."""

from contextlib import contextmanager
from uuid import uuid4

from moto.server import ThreadedMotoServer

from yanzhen.library.storing import storage

SECRET = "hush-hush"


@contextmanager
def bucket(settings):
    """Let media lie in a new bucket for a while; yield the server, which can be stopped."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    before = settings.STORAGES
    try:
        options = {
            "bucket": f"media-{uuid4()}",
            "endpoint": f"http://{host}:{port}",
            "region": "eu-central-1",
            "key_id": "desk",
            "key_secret": SECRET,
        }
        backend = "yanzhen.library.s3.S3Storage"
        settings.STORAGES = {**before, "media": {"BACKEND": backend, "OPTIONS": options}}
        store = storage()
        where = {"LocationConstraint": "eu-central-1"}
        store._client.create_bucket(Bucket=store._bucket, CreateBucketConfiguration=where)
        yield server
    finally:
        settings.STORAGES = before
        server.stop()
