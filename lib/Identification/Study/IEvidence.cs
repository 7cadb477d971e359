namespace DeviceId.Identification;

/// <summary>The stored result of a study; it is checked when read, because the file may have been edited.</summary>
internal interface IEvidence
{
    /// <summary>Fingerprint of the recordings' contents, 64 hexadecimal digits.</summary>
    string Fingerprint { get; }

    /// <summary>Complete training settings of the models.</summary>
    PhoneModelOptions Options { get; }

    /// <summary>Reasons why the result is invalid; empty for a valid one.</summary>
    IEnumerable<string> Problems();
}
