"""A camera of GStreamer's RTSP server: gst_camera.py FRAMES [ADDRESS PORT]. Run by the system's own Python.

It prints its port, and shows a test picture at /live, as long as anybody looks, and at /short only so
many frames.
"""

from __future__ import annotations

import sys

import gi  # type: ignore[import-not-found]  # the system's Python has it, ours has not

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # type: ignore[import-not-found] # noqa: E402  # as above

PICTURE = "video/x-raw,format=I420,width=320,height=240,framerate=10/1 ! jpegenc ! rtpjpegpay name=pay0 pt=26"


def main() -> None:
    Gst.init(None)
    server = GstRtspServer.RTSPServer.new()
    address, port = sys.argv[2:4] or ("127.0.0.1", "0")
    server.set_address(address)
    server.set_service(port)
    for path, more in (("/live", ""), ("/short", f"num-buffers={int(sys.argv[1])}")):
        factory = GstRtspServer.RTSPMediaFactory.new()
        factory.set_launch(f"( videotestsrc is-live=true {more} ! {PICTURE} )")
        server.get_mount_points().add_factory(path, factory)
    server.attach(None)
    sys.stdout.write(f"{server.get_bound_port()}\n")
    sys.stdout.flush()
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()
