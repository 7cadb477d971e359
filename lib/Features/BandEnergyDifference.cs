using System.Globalization;
using DeviceId.Audio;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>
/// For each frame and each pair of neighbouring bands: 1 where the energy falls from the lower band to the upper, 0 where not.
/// </summary>
/// <remarks>
/// D. Luo, P. Korus, J. Huang, "Band energy difference for source attribution in audio forensics", IEEE TIFS 13(9), 2018. The mean over the
/// frames is the descriptor: the share of frames in which the energy falls, a picture of the frequency response that no gain can change.
/// Bands are of equal width from DC to half the sample rate; a bin belongs to the band that holds its frequency. Digital silence falls
/// nowhere: 0.
/// </remarks>
internal sealed class BandEnergyDifference : IFrameFeatures
{
    private const int ArithmeticVersion = 1;
    private const int BlockRows = 192;

    private readonly BandEnergyDifferenceOptions _options;
    private readonly Device _device;

    /// <summary>Prepares the extraction.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="device">Where the work is done and the results live.</param>
    /// <exception cref="OptionsException">The settings cannot be used.</exception>
    public BandEnergyDifference(BandEnergyDifferenceOptions options, Device device)
    {
        options.Validate();
        ComputeDevice.Load();
        (_options, _device) = (options, device);
    }

    /// <summary>One column a pair of neighbouring bands.</summary>
    public int Dimension => _options.Dimension;

    /// <inheritdoc/>
    public string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"band energy difference {ArithmeticVersion} {_options.Bands} {_options.FrameMilliseconds} {_options.FrameRounding} "
        + $"{_options.HopFraction}");

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Extract(IReadOnlyList<AudioClip> clips) => [.. clips.Select(Extract)];

    /// <summary>(frame, pair) of one clip, 0 or 1.</summary>
    private Tensor Extract(AudioClip clip)
    {
        var grid = _options.Grid(clip.SampleRate);
        if (_options.Bands > grid.Length / 4)
            throw new ArgumentException(
                $"{_options.Bands} bands are too many for frames of {grid.Length} samples at {clip.SampleRate} Hz: "
                + "a band needs two bins at least.");
        if (!Array.TrueForAll(clip.Samples, float.IsFinite))
            throw new ArgumentException("A clip holds samples that are NaN or infinite: read it again or leave it out.");
        using var scope = NewDisposeScope();
        using var gradient = no_grad();
        var count = grid.Frames(clip.Samples.Length);
        var falls = zeros([count, Dimension], ScalarType.Float32, _device);
        var window = hann_window(grid.Length, periodic: true, device: _device);
        foreach (var block in FrameBlock.Plan([count], grid, BlockRows))
        {
            using var inner = NewDisposeScope();
            var run = block.Runs[0];
            var frames = block.Frames([clip], grid, BlockRows, _device, ScalarType.Float32).narrow(0, 0, run.Frames);
            var power = fft.rfft(frames * window, dim: 1).abs().square();
            var energies = Energies(power, grid.Length);
            var isFalling = energies.narrow(1, 0, Dimension).gt(energies.narrow(1, 1, Dimension));
            falls.narrow(0, run.FirstFrame, run.Frames).copy_(isFalling.to(ScalarType.Float32));
        }

        return falls.MoveToOuterDisposeScope();
    }

    /// <summary>(frame, bin) to (frame, band): the first bin of a band is the first at or above its lower edge.</summary>
    private Tensor Energies(Tensor power, int frameLength)
    {
        var bins = frameLength / 2;
        int Edge(int band) => (int)Math.Ceiling(bins * (double)band / _options.Bands);
        Tensor Energy(int band) => power.narrow(1, Edge(band), Edge(band + 1) - Edge(band)).sum([1]);
        return stack(Enumerable.Range(0, _options.Bands).Select(Energy).ToArray(), 1);
    }
}
