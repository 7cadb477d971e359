namespace DeviceId.Models;

/// <summary>What reads the frames (paper, Section 4.2).</summary>
public enum TemporalNetwork
{
    /// <summary>Nothing: the spatial branch alone.</summary>
    None,

    /// <summary>Two LSTM layers, forwards.</summary>
    Lstm,

    /// <summary>Two LSTM layers, forwards and backwards.</summary>
    BiLstm,
}
