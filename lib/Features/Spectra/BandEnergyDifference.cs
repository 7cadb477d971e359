using System.Globalization;
using DeviceId.Audio;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>
/// Band energy difference: for each frame and pair of neighbouring bands, 1 if the lower band has more energy than the upper, else 0.
/// </summary>
/// <remarks>
/// D. Luo, P. Korus, J. Huang, "Band energy difference for source attribution in audio forensics", IEEE TIFS 13(9), 2018. The descriptor
/// of a recording is the mean over its frames, the proportion of frames in which the energy falls. It reflects the frequency response and
/// does not depend on gain. The bands have equal width from DC to half the sampling rate; a bin belongs to the band that contains its
/// frequency. Digital silence gives 0.
/// </remarks>
internal sealed class BandEnergyDifference : IFrameFeatures
{
    private const int ArithmeticVersion = 1;
    private const int BlockRows = 192;

    private readonly BandEnergyDifferenceOptions _options;
    private readonly Device _device;

    /// <summary>Prepares the extraction.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="device">Device that computes and holds the results.</param>
    /// <exception cref="OptionsException">The settings are invalid.</exception>
    public BandEnergyDifference(BandEnergyDifferenceOptions options, Device device)
    {
        options.Validate();
        ComputeDevice.Load();
        (_options, _device) = (options, device);
    }

    /// <summary>One column per pair of neighbouring bands.</summary>
    public int Dimension => _options.Dimension;

    /// <inheritdoc/>
    public string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"band energy difference {ArithmeticVersion} {_options.Bands} {_options.FrameMilliseconds} {_options.FrameRounding} "
        + $"{_options.HopFraction}");

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Extract(IReadOnlyList<AudioClip> clips) => [.. clips.Select(Extract)];

    /// <summary>Returns (frame, pair) of one clip, 0 or 1.</summary>
    private Tensor Extract(AudioClip clip)
    {
        var grid = _options.Grid(clip.SampleRate);
        if (_options.Bands > grid.Length / 4)
            throw new ArgumentException(
                $"{_options.Bands} bands are too many for frames of {grid.Length} samples at {clip.SampleRate} Hz: "
                + "a band needs at least two bins.");
        if (!Array.TrueForAll(clip.Samples, float.IsFinite))
            throw new ArgumentException("A clip contains NaN or infinite samples: read it again or leave it out.");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var count = grid.Frames(clip.Samples.Length);
        var isFalling = zeros([count, Dimension], ScalarType.Float32, _device);
        var window = hann_window(grid.Length, periodic: true, device: _device);
        foreach (var block in FrameBlock.Plan([count], grid, BlockRows))
        {
            using var inner = NewDisposeScope();
            var run = block.Runs[0];
            var frames = block.Frames([clip], grid, BlockRows, _device, ScalarType.Float32).narrow(0, 0, run.Frames);
            var power = fft.rfft(frames * window, dim: 1).abs().square();
            var energies = BandEnergies(power, grid.Length);
            var falls = energies.narrow(1, 0, Dimension).gt(energies.narrow(1, 1, Dimension));
            isFalling.narrow(0, run.FirstFrame, run.Frames).copy_(falls.to(ScalarType.Float32));
        }

        return isFalling.MoveToOuterDisposeScope();
    }

    /// <summary>Sums power (frame, bin) to energy (frame, band). A band starts with the first bin at or above its lower edge.</summary>
    private Tensor BandEnergies(Tensor power, int frameLength)
    {
        var bins = frameLength / 2;
        int Edge(int band) => (int)Math.Ceiling(bins * (double)band / _options.Bands);
        Tensor Energy(int band) => power.narrow(1, Edge(band), Edge(band + 1) - Edge(band)).sum([1]);
        return stack(Enumerable.Range(0, _options.Bands).Select(Energy).ToArray(), 1);
    }
}
