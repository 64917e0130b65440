package dev.shakedown.net.prelude;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The header by which a proxy tells a server its client's address (the PROXY protocol, 2.1 and 2.2). */
public enum ProxyHeader {
    /** Version 1, one line of text. */
    V1 {
        @Override
        public byte[] of(InetSocketAddress client, InetSocketAddress server) {
            return ("PROXY " + (isIpv6(client) ? "TCP6 " : "TCP4 ") + text(client) + " " + text(server) + " "
                    + client.getPort() + " " + server.getPort() + "\r\n").getBytes(StandardCharsets.US_ASCII);
        }
    },
    /** Version 2, which is binary. */
    V2 {
        @Override
        public byte[] of(InetSocketAddress client, InetSocketAddress server) {
            var from = client.getAddress().getAddress();
            var to = server.getAddress().getAddress();
            var header = ByteBuffer.allocate(SIGNATURE.length + 4 + from.length + to.length + 4);
            header.put(SIGNATURE).put(VERSION_2_PROXY).put(isIpv6(client) ? TCP_OVER_IPV6 : TCP_OVER_IPV4)
                    .putShort((short) (from.length + to.length + 4)).put(from).put(to)
                    .putShort((short) client.getPort())
                    .putShort((short) server.getPort());
            return header.array();
        }
    };

    private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
    private static final byte VERSION_2_PROXY = 0x21;
    private static final byte TCP_OVER_IPV4 = 0x11;
    private static final byte TCP_OVER_IPV6 = 0x21;

    /** Returns the header of a connection between these two addresses. */
    public abstract byte[] of(InetSocketAddress client, InetSocketAddress server);

    private static boolean isIpv6(InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address;
    }

    /** Returns an address without a scope. */
    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress().replaceAll("%.*", "");
    }
}
