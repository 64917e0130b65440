package dev.shakedown.tls.wire;

import io.netty.buffer.ByteBuf;

/** An alert: its level (1 warning, 2 fatal) and description, each as its byte on the wire (RFC 5246, 7.2). */
public record Alert(int level, int description) {
    public static final int WARNING = 1;
    public static final int FATAL = 2;
    /** The length of an alert, in bytes. */
    public static final int LENGTH = 2;

    /** Whether this ends the connection, as every fatal alert and close_notify do. */
    public boolean ends() {
        return level != WARNING || description == AlertDescription.CLOSE_NOTIFY.id();
    }

    /** Returns the RFCs' name of the description. */
    public String label() {
        return AlertDescription.describe(description);
    }

    public void encode(ByteBuf out) {
        out.writeByte(level).writeByte(description);
    }

    /** @throws Fault if the bytes are not exactly one alert of a known level */
    public static Alert decode(ByteBuf in) throws Fault {
        if (in.readableBytes() != LENGTH) {
            throw new Fault(Violation.ALERT_LENGTH, in.readableBytes());
        }
        var alert = new Alert(in.readUnsignedByte(), in.readUnsignedByte());
        if (alert.level != WARNING && alert.level != FATAL) {
            throw new Fault(Violation.ALERT_LEVEL, alert.level);
        }
        return alert;
    }
}
