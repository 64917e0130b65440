package dev.shakedown.load;

import java.nio.charset.StandardCharsets;

/** A request that HTTP servers answer with little. */
public final class HttpHead {
    private HttpHead() {}

    /** HEAD of the root at this host, in HTTP/1.1. */
    public static byte[] of(String host) {
        var name = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        return ("HEAD / HTTP/1.1\r\nHost: " + name + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }
}
