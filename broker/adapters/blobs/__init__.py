"""Where the files of blobs are kept (port `broker.ports.blobs.BlobFiles`)."""
