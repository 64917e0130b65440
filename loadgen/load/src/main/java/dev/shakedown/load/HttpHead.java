package dev.shakedown.load;

import java.nio.charset.StandardCharsets;

/** An HTTP request with a small response. */
public final class HttpHead {
    private HttpHead() {}

    /** Returns an HTTP/1.1 HEAD request for the root of this host. */
    public static byte[] of(String host) {
        var name = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        return ("HEAD / HTTP/1.1\r\nHost: " + name + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }
}
