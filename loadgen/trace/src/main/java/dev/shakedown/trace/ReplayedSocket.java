package dev.shakedown.trace;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;

/** A socket without a connection: reads return recorded bytes, and writes are discarded. */
final class ReplayedSocket extends Socket {
    private final InputStream received;

    ReplayedSocket(byte[] received) {
        this.received = new ByteArrayInputStream(received);
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) {
        // at once
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Override
    public InputStream getInputStream() {
        return received;
    }

    @Override
    public OutputStream getOutputStream() {
        return OutputStream.nullOutputStream();
    }

    @Override
    public void shutdownOutput() {
        // output is discarded
    }
}
