namespace DeviceId.Models;

/// <summary>How many numbers a network has at least, told before it is built: a file's description must not make us allocate what the file does not hold.</summary>
/// <remarks>The large layers alone, which are nearly all of any network. In floating point, where nothing wraps around.</remarks>
internal static class LeastParameters
{
    /// <summary>Of the paper's network.</summary>
    public static double Of(PstnnOptions options)
    {
        var directions = options.Temporal == TemporalNetwork.BiLstm ? 2.0 : 1.0;
        var spatial = options.Spatial switch
        {
            SpatialNetwork.Dnn => Layer((double)options.Components * options.Coefficients + 2.0 * options.Embedding, options.Embedding),
            SpatialNetwork.Cnn => Branch(options.Coefficients, options.Components, options.Embedding),
            SpatialNetwork.ResNet => Layer(16.0 * (options.Coefficients >> SpatialResNet.Blocks) * (options.Components >> SpatialResNet.Blocks), options.Embedding),
            _ => 0,
        };
        var temporal = options.Temporal == TemporalNetwork.None ? 0
            : 4 * directions * (Layer((double)options.Coefficients + options.FirstLstmUnits, options.FirstLstmUnits) + Layer(directions * options.FirstLstmUnits + options.SecondLstmUnits, options.SecondLstmUnits))
            + Layer(directions * options.Frames * options.SecondLstmUnits, options.Embedding);
        return spatial + temporal + BackEndOf(options.Embedding, options.HiddenWidths, options.Devices);
    }

    /// <summary>Of the network of 2020.</summary>
    public static double Of(PreviousWorkOptions options)
    {
        double Part(PreviousWorkFeatures feature, int rows, int columns) => options.Features.HasFlag(feature) ? Branch(rows, columns, options.Embedding) : 0;
        return Part(PreviousWorkFeatures.Supervector, options.Coefficients, options.Components) + Part(PreviousWorkFeatures.Cepstra, options.Frames, options.Coefficients)
            + Part(PreviousWorkFeatures.LogMelEnergies, options.Frames, options.LogMelEnergies) + BackEndOf(options.Embedding, [400, 128], options.Devices);
    }

    private static double Branch(int rows, int columns, int embedding) =>
        Layer(40.0 * (rows >> ConvolutionalBranch.Poolings) * (columns >> ConvolutionalBranch.Poolings), embedding);

    private static double BackEndOf(int embedding, IReadOnlyList<int> widths, int devices) =>
        widths.Count == 0 ? Layer(embedding, devices) : Layer(embedding, widths[0]) + Layer(widths[^1], devices);

    private static double Layer(double inputs, double outputs) => inputs * outputs;
}
