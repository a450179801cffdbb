package confcodes.bench;

/** The JVM that does nothing, which start-up times are compared with. */
final class Nothing {

    private Nothing() {}

    public static void main(String[] args) {
        // Nothing.
    }
}
