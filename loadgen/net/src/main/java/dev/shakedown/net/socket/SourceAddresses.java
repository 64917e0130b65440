package dev.shakedown.net.socket;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Local addresses over which connections are spread, so that one address does not run out of ports. */
public final class SourceAddresses {
    /** The maximum number of addresses in one prefix. */
    private static final int MAX_ADDRESSES = 1 << 16;

    private SourceAddresses() {}

    /**
     * Returns all addresses of {@code ADDR} or {@code ADDR/PREFIX}, without the network and broadcast addresses of an
     * IPv4 prefix shorter than /31.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static List<InetAddress> parse(String text) {
        var slash = text.indexOf('/');
        var address = literal(slash < 0 ? text : text.substring(0, slash), text);
        var bits = 8 * address.getAddress().length;
        var prefix = slash < 0 ? bits : prefix(text.substring(slash + 1), bits, text);
        var hostBits = bits - prefix;
        if (hostBits == 0) {
            return List.of(address);
        }
        var count = hostBits >= 16 ? MAX_ADDRESSES : 1 << hostBits;
        var network = new BigInteger(1, address.getAddress()).shiftRight(hostBits).shiftLeft(hostBits);
        var ends = bits == 32 && hostBits > 1 ? 1 : 0;
        var addresses = new ArrayList<InetAddress>(count);
        for (var i = ends; i < count - (hostBits < 16 ? ends : 0); i++) {
            addresses.add(address(network.add(BigInteger.valueOf(i)), bits / 8));
        }
        return addresses;
    }

    /**
     * Returns the first of {@code sources} that is not an address of this machine; empty if all are, as far as can be
     * told.
     */
    public static Optional<InetAddress> foreign(List<InetAddress> sources) {
        return sources.stream().filter(SourceAddresses::isForeign).findFirst();
    }

    private static boolean isForeign(InetAddress source) {
        try (var socket = new Socket()) {
            socket.bind(new InetSocketAddress(source, 0));
            return false;
        } catch (IOException e) {
            return TransportCause.ofSource(e) == TransportCause.SOURCE_ADDRESS;
        }
    }

    private static InetAddress literal(String address, String text) {
        // Only literals: a name would need a resolver and could stand for anything.
        if (address.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            try {
                return InetAddress.getByName(address);
            } catch (UnknownHostException _) {
                // reported below
            }
        }
        throw malformed(text);
    }

    private static int prefix(String digits, int bits, String text) {
        if (!digits.matches("\\d{1,3}") || Integer.parseInt(digits) > bits) {
            throw malformed(text);
        }
        return Integer.parseInt(digits);
    }

    private static InetAddress address(BigInteger number, int length) {
        var bytes = new byte[length];
        var significant = number.toByteArray();
        var from = Math.max(0, significant.length - length);
        System.arraycopy(significant, from, bytes, length - (significant.length - from), significant.length - from);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("'" + text
                + "' is not a source address; write an IP address of this machine, or a prefix such as 127.0.1.0/24");
    }
}
