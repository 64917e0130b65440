package dev.shakedown.net;

import dev.shakedown.results.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A server that may be loaded: on this machine, or authorized. Everything that connects requires a target, and only the
 * check in {@link #of} and its siblings creates one.
 */
public final class Target {
    /** A server is not on this machine, and no load on it is authorized. */
    public static final class NotAuthorizedException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        private final transient InetAddress address;

        private NotAuthorizedException(String host, InetAddress address) {
            super("will not load " + host + " (" + HostPort.address(address) + "), which is not this machine");
            this.address = address;
        }

        /** Returns the address that would have to be authorized. */
        public InetAddress address() {
            return address;
        }
    }

    private final String host;
    private final InetSocketAddress socket;
    private final Optional<String> authorizedBy;

    private Target(String host, InetSocketAddress socket, Optional<String> authorizedBy) {
        this.host = host;
        this.socket = socket;
        this.authorizedBy = authorizedBy;
    }

    /**
     * Resolves the host and returns it as a target if it may be loaded. Nothing is sent to it.
     *
     * @param host a name or an address, without brackets
     * @param port 1 to 65535
     * @throws NotAuthorizedException if it is not on this machine, and nothing in {@code authorization} allows it
     * @throws UnknownHostException   if this machine cannot resolve it
     */
    public static Target of(String host, int port, Authorization authorization) throws UnknownHostException {
        return of(host, host, InetAddress.getByName(host), port, authorization);
    }

    /**
     * Resolves the host as {@link #of} does, and returns all its addresses, in this machine's order of preference;
     * throws if any of them may not be loaded.
     */
    public static List<Target> all(String host, int port, Authorization authorization) throws UnknownHostException {
        var targets = new ArrayList<Target>();
        for (var address : InetAddress.getAllByName(host)) {
            targets.add(of(host, host, address, port, authorization));
        }
        return targets;
    }

    /**
     * Returns the server at an address as a target if it may be loaded, with another name to request. That name plays
     * no part in the authorization.
     *
     * @param address a name or an address, as in {@link #of}
     */
    public static Target at(String name, String address, int port, Authorization authorization)
            throws UnknownHostException {
        return of(name, address, InetAddress.getByName(address), port, authorization);
    }

    private static Target of(String host, String allowed, InetAddress address, int port,
            Authorization authorization) {
        var socket = new InetSocketAddress(address, port);
        if (address.isLoopbackAddress()) {
            return new Target(host, socket, Optional.empty());
        }
        var entry = authorization.entryFor(allowed, address)
                .orElseThrow(() -> new NotAuthorizedException(allowed, address));
        return new Target(host, socket, Optional.of(entry));
    }

    /**
     * Returns a server on this machine as a target, which needs no authorization.
     *
     * @throws NotAuthorizedException   if it is not on this machine
     * @throws IllegalArgumentException if it is unresolved
     */
    public static Target loopback(InetSocketAddress socket) {
        if (socket.isUnresolved()) {
            throw new IllegalArgumentException(socket + " has no address");
        }
        var host = HostPort.address(socket.getAddress());
        if (!socket.getAddress().isLoopbackAddress()) {
            throw new NotAuthorizedException(host, socket.getAddress());
        }
        return new Target(host, socket, Optional.empty());
    }

    /** Returns the host as given, without brackets. */
    public String host() {
        return host;
    }

    /** Returns its address and port. */
    public InetSocketAddress socket() {
        return socket;
    }

    /** Whether it is on this machine. */
    public boolean isLoopback() {
        return socket.getAddress().isLoopbackAddress();
    }

    /** Returns the entry that allows it; empty for a server on this machine. */
    public Optional<String> authorizedBy() {
        return authorizedBy;
    }

    @Override
    public String toString() {
        return HostPort.of(socket);
    }
}
