"""Browser views of our own: plain JavaScript read by anywidget, with no build step."""
