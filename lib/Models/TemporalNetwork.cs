namespace DeviceId.Models;

/// <summary>Kind of the temporal branch, whose input is the frames (paper, Section 4.2).</summary>
public enum TemporalNetwork
{
    /// <summary>No temporal branch.</summary>
    None,

    /// <summary>Unidirectional LSTM layers.</summary>
    Lstm,

    /// <summary>Bidirectional LSTM layers.</summary>
    BiLstm,
}
