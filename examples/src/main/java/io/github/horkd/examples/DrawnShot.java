package io.github.horkd.examples;

import java.util.Random;

/**
 * How a drawn face was caught: everything that changes from shot to shot of one person and says nothing about who it is.
 *
 * @param right      shift to the right, in face units
 * @param down       shift downwards, in face units
 * @param roll       rotation in the image, in radians
 * @param yaw        turn of the head to the side, in radians
 * @param pitch      nod, in radians
 * @param scale      magnification
 * @param smile      −1 (sad) to 1 (smiling)
 * @param open       how far the mouth is open, 0 to 1
 * @param browLift   raised brows, −1 to 1
 * @param lids       how far the lids have come down, 0 to 1
 * @param gazeX      where the eyes look, −1 to 1
 * @param gazeY      where the eyes look, −1 to 1
 * @param lightX     slope of the light across the face, per face unit
 * @param lightY     slope of the light down the face, per face unit
 * @param exposure   factor on every intensity
 * @param noise      standard deviation of the sensor noise, in intensities 0…1
 * @param hidden     whether something covers a small part of the face
 * @param background seeds the background, the clothes, what hides the face and the noise
 */
record DrawnShot(
        double right,
        double down,
        double roll,
        double yaw,
        double pitch,
        double scale,
        double smile,
        double open,
        double browLift,
        double lids,
        double gazeX,
        double gazeY,
        double lightX,
        double lightY,
        double exposure,
        double noise,
        boolean hidden,
        long background) {

    static DrawnShot with(Random random) {
        double angle = random.nextDouble() * 2 * Math.PI;
        double slope = 0.34 * random.nextDouble();
        return new DrawnShot(
                0.06 * random.nextGaussian(),
                0.06 * random.nextGaussian(),
                0.06 * random.nextGaussian(),
                0.17 * random.nextGaussian(),
                0.08 * random.nextGaussian(),
                1 + 0.045 * random.nextGaussian(),
                Math.max(-1, Math.min(1, 0.35 + 0.45 * random.nextGaussian())),
                Math.max(0, 0.5 * random.nextGaussian() - 0.1),
                0.6 * random.nextGaussian(),
                random.nextDouble() < 0.06 ? 0.9 : 0.35 * random.nextDouble(),
                0.5 * random.nextGaussian(),
                0.3 * random.nextGaussian(),
                slope * Math.cos(angle),
                0.6 * slope * Math.sin(angle),
                1 + 0.12 * random.nextGaussian(),
                0.008 + 0.022 * random.nextDouble(),
                random.nextDouble() < 0.10,
                random.nextLong());
    }
}
