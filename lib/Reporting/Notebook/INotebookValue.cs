namespace DeviceId.Reporting;

/// <summary>A value that shows itself in a notebook.</summary>
public interface INotebookValue
{
    /// <summary>HTML that stands alone: no reference to anything on the network.</summary>
    string ToHtml();

    /// <summary>What a terminal prints.</summary>
    string ToString();
}
