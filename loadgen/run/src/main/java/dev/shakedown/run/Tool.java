package dev.shakedown.run;

/** What results say they were made by. */
public final class Tool {
    /** The tool's name. */
    public static final String NAME = "shakedown";

    private Tool() {}

    /** The version as the build stamps it into the jar. */
    public static String version() {
        var stamped = Tool.class.getPackage().getImplementationVersion();
        return stamped == null ? "unpackaged" : stamped;
    }
}
